/-!
# Lists as the kernel evaluates them: blocks put together, tests on every element
-/
namespace TinyVerify

/-- `as` before `bs`. -/
def before {α : Type} : List α → List α → List α
  | [], bs => bs
  | a :: as, bs => a :: before as bs

/-- All blocks, one after another: how a generated file keeps its literals short. -/
def join {α : Type} : List (List α) → List α
  | [] => []
  | block :: blocks => before block (join blocks)

/-- Element `i`, or `default` outside. -/
def entry {α : Type} (default : α) : List α → Nat → α
  | [], _ => default
  | a :: _, 0 => a
  | _ :: as, i + 1 => entry default as i

/-- `g n`, with `n` computed once and not wherever `g` uses it. -/
def withNat {α : Type} (n : Nat) (g : Nat → α) : α :=
  match n with
  | 0 => g 0
  | m + 1 => g (Nat.succ m)

theorem withNat_eq {α : Type} (n : Nat) (g : Nat → α) : withNat n g = g n := by
  cases n <;> rfl

/-- `test` on every element. -/
def all {α : Type} (test : α → Bool) : List α → Bool
  | [] => true
  | a :: as => test a && all test as

theorem and_split {a b : Bool} (h : (a && b) = true) : a = true ∧ b = true := by
  cases a with
  | false => contradiction
  | true => exact ⟨rfl, h⟩

theorem or_split {a b : Bool} (h : (a || b) = true) : a = true ∨ b = true := by
  cases a with
  | true => exact .inl rfl
  | false => exact .inr h

theorem all_spec {α : Type} {test : α → Bool} {as : List α} (h : all test as = true) :
    ∀ a ∈ as, test a = true := by
  induction as with
  | nil => intro a ha; cases ha
  | cons b bs ih =>
    have h' := and_split (a := test b) (b := all test bs) h
    intro a ha
    cases ha with
    | head => exact h'.1
    | tail _ hm => exact ih h'.2 a hm

end TinyVerify
