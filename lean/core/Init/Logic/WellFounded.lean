prelude
import Init.Tactic.Display
import Init.Nat.Lemmas
/-! Recursion on well-founded relations: accessibility, `fix`, measures, lexicographic order, and the tactic that shows
that arguments decrease. Mirrors Lean's `Init.WF`, `Init.SizeOf` and `Init.WFTactics`. -/
set_option autoImplicit false
set_option linter.all false
universe u v

/-- keeps the compiler of recursive definitions from looking through a term -/
opaque Lean.opaqueId {α : Sort u} (x : α) : α := x
/-- marks parameters of recursive calls while they are compiled -/
def wfParam {α : Sort u} (a : α) : α := a
inductive Acc {α : Sort u} (r : α → α → Prop) : α → Prop where
  | intro (x : α) (h : (y : α) → r y x → Acc r y) : Acc r x
inductive WellFounded {α : Sort u} (r : α → α → Prop) : Prop where
  | intro (h : ∀ a, Acc r a) : WellFounded r
class WellFoundedRelation (α : Sort u) where
  rel : α → α → Prop
  wf : WellFounded rel
theorem Acc.inv {α : Sort u} {r : α → α → Prop} {x y : α} (h₁ : Acc r x) (h₂ : r y x) : Acc r y := by
  cases h₁ with
  | intro _ h => exact h y h₂

namespace WellFounded
section
variable {α : Sort u} {C : α → Sort v} {r : α → α → Prop}
theorem apply (wf : WellFounded r) (a : α) : Acc r a := by
  cases wf with
  | intro h => exact h a
theorem induction (hwf : WellFounded r) {C : α → Prop} (a : α) (h : ∀ x, (∀ y, r y x → C y) → C x) : C a :=
  Acc.rec (motive := fun x _ => C x) (fun x _ ih => h x ih) (hwf.apply a)
noncomputable def fixF (F : ∀ x, (∀ y, r y x → C y) → C x) (x : α) (a : Acc r x) : C x :=
  Acc.rec (motive := fun x _ => C x) (fun x _ ih => F x ih) a
theorem fixFEq (F : ∀ x, (∀ y, r y x → C y) → C x) (x : α) (a : Acc r x) :
    fixF F x a = F x (fun y h => fixF F y (Acc.inv a h)) := by
  cases a with
  | intro _ h => rfl
noncomputable def fix (hwf : WellFounded r) (F : ∀ x, (∀ y, r y x → C y) → C x) (x : α) : C x := fixF F x (hwf.apply x)
theorem fix_eq (hwf : WellFounded r) (F : ∀ x, (∀ y, r y x → C y) → C x) (x : α) :
    fix hwf F x = F x (fun y _ => fix hwf F y) := fixFEq F x (hwf.apply x)
end
end WellFounded

/-! ### measures -/
def InvImage {α : Sort u} {β : Sort v} (r : β → β → Prop) (f : α → β) : α → α → Prop := fun a₁ a₂ => r (f a₁) (f a₂)
theorem InvImage.accessible {α : Sort u} {β : Sort v} {r : β → β → Prop} (f : α → β) {b : β} (h : Acc r b) :
    ∀ a, f a = b → Acc (InvImage r f) a :=
  Acc.rec (motive := fun b _ => ∀ a, f a = b → Acc (InvImage r f) a)
    (fun b _ ih a e => Acc.intro a (fun y hy => ih (f y) (e ▸ hy) y rfl)) h
theorem InvImage.wf {α : Sort u} {β : Sort v} {r : β → β → Prop} (f : α → β) (h : WellFounded r) : WellFounded (InvImage r f) :=
  ⟨fun a => InvImage.accessible f (h.apply (f a)) a rfl⟩
@[reducible] def invImage {α : Sort u} {β : Sort v} (f : α → β) (h : WellFoundedRelation β) : WellFoundedRelation α :=
  ⟨InvImage h.rel f, InvImage.wf f h.wf⟩
theorem Nat.lt_wf : WellFounded (· < · : Nat → Nat → Prop) := ⟨fun n => by
  have key : ∀ k n : Nat, n < k → Acc (· < · : Nat → Nat → Prop) n := by
    intro k
    induction k with
    | zero => intro n h; omega
    | succ k ih => intro n h; exact Acc.intro n (fun y hy => ih y (by omega))
  exact key (n + 1) n (Nat.lt_succ_self n)⟩
@[instance_reducible] def Nat.lt_wfRel : WellFoundedRelation Nat := ⟨(· < ·), Nat.lt_wf⟩
instance instWellFoundedRelationNat : WellFoundedRelation Nat := Nat.lt_wfRel
@[reducible] def measure {α : Sort u} (f : α → Nat) : WellFoundedRelation α := invImage f Nat.lt_wfRel
class SizeOf (α : Sort u) where
  sizeOf : α → Nat
export SizeOf (sizeOf)
protected def default.sizeOf (α : Sort u) : α → Nat := fun _ => 0
instance (priority := low) instSizeOfDefault (α : Sort u) : SizeOf α := ⟨default.sizeOf α⟩
instance instSizeOfNat : SizeOf Nat := ⟨fun n => n⟩
@[simp] theorem sizeOf_nat (n : Nat) : sizeOf n = n := rfl
protected noncomputable def List._sizeOf_1 {α : Type u} [SizeOf α] (l : List α) : Nat := List.rec 1 (fun a _ ih => 1 + sizeOf a + ih) l
noncomputable instance List._sizeOf_inst {α : Type u} [SizeOf α] : SizeOf (List α) := ⟨List._sizeOf_1⟩
@[simp] theorem List.nil.sizeOf_spec {α : Type u} [SizeOf α] : sizeOf ([] : List α) = 1 := rfl
@[simp] theorem List.cons.sizeOf_spec {α : Type u} [SizeOf α] (a : α) (l : List α) : sizeOf (a :: l) = 1 + sizeOf a + sizeOf l := rfl
theorem List.sizeOf_lt_of_mem {α : Type u} [SizeOf α] {a : α} {l : List α} (h : a ∈ l) : sizeOf a < sizeOf l := by
  induction h with
  | head as => simp only [List.cons.sizeOf_spec]; omega
  | tail b _ ih => simp only [List.cons.sizeOf_spec]; omega
@[reducible] def sizeOfWFRel {α : Sort u} [SizeOf α] : WellFoundedRelation α := measure sizeOf
instance (priority := low) instWellFoundedRelationOfSizeOf {α : Sort u} [SizeOf α] : WellFoundedRelation α := sizeOfWFRel
namespace WellFounded.Nat
variable {α : Sort u} {motive : α → Sort v} (h : α → _root_.Nat)
noncomputable def fix (F : (x : α) → ((y : α) → InvImage (· < ·) h y x → motive y) → motive x) : (x : α) → motive x :=
  WellFounded.fix (InvImage.wf h _root_.Nat.lt_wf) F
theorem fix_eq (F : (x : α) → ((y : α) → InvImage (· < ·) h y x → motive y) → motive x) (x : α) :
    WellFounded.Nat.fix h F x = F x (fun y _ => WellFounded.Nat.fix h F y) := WellFounded.fix_eq _ F x
end WellFounded.Nat

/-! ### lexicographic order on pairs -/
theorem Prod.lexAccessible {α : Type u} {β : Type v} {ra : α → α → Prop} {rb : β → β → Prop} {a : α} (aca : Acc ra a)
    (acb : ∀ b, Acc rb b) : ∀ b, Acc (Prod.Lex ra rb) (a, b) :=
  Acc.rec (motive := fun a _ => ∀ b, Acc (Prod.Lex ra rb) (a, b))
    (fun a _ iha b => Acc.rec (motive := fun b _ => Acc (Prod.Lex ra rb) (a, b))
      (fun b _ ihb => Acc.intro (a, b) (fun p hp => by
        cases p with
        | mk c d => cases hp with
          | left _ _ h => exact iha c h d
          | right _ h => exact ihb d h)) (acb b)) aca
@[reducible] def Prod.lex {α : Type u} {β : Type v} (ha : WellFoundedRelation α) (hb : WellFoundedRelation β) :
    WellFoundedRelation (α × β) :=
  ⟨Prod.Lex ha.rel hb.rel, ⟨fun p => Prod.lexAccessible (ha.wf.apply p.1) hb.wf.apply p.2⟩⟩
instance instWellFoundedRelationProd {α : Type u} {β : Type v} [ha : WellFoundedRelation α] [hb : WellFoundedRelation β] :
    WellFoundedRelation (α × β) := Prod.lex ha hb
theorem Prod.Lex.right' {a₂ a₁ b₂ b₁ : Nat} (h₁ : a₁ ≤ a₂) (h₂ : b₁ < b₂) :
    Prod.Lex (Nat.lt : Nat → Nat → Prop) (Nat.lt : Nat → Nat → Prop) (a₁, b₁) (a₂, b₂) := by
  rcases Nat.lt_or_eq_of_le h₁ with h | h
  · exact .left _ _ h
  · subst h; exact .right _ h₂

/-! ### the tactics -/
syntax "decreasing_trivial" : tactic
macro_rules | `(tactic| decreasing_trivial) => `(tactic| omega)
macro_rules | `(tactic| decreasing_trivial) => `(tactic| assumption)
macro_rules | `(tactic| decreasing_trivial) => `(tactic| (simp; done))

macro "clean_wf" : tactic =>
  `(tactic| simp -failIfUnchanged only [invImage, InvImage, Prod.lex, sizeOf_nat, WellFoundedRelation.rel, Nat.lt_wfRel,
    instWellFoundedRelationNat, instWellFoundedRelationProd, measure, sizeOfWFRel, List.cons.sizeOf_spec, List.nil.sizeOf_spec])
syntax (name := Lean.Parser.Tactic.as_aux_lemma) "as_aux_lemma" " => " tacticSeq : tactic
macro "decreasing_with " ts:tacticSeq : tactic =>
  `(tactic| ((try clean_wf); all_goals first
      | (apply Prod.Lex.left; ($ts); done)
      | (apply Prod.Lex.right; ($ts); done)
      | (($ts); done)
      | fail "failed to prove that the arguments of the recursive call decrease: give `termination_by` a measure, or prove it with `decreasing_by`"))
macro "decreasing_tactic" : tactic => `(tactic| decreasing_with first | decreasing_trivial | (subst_vars; decreasing_trivial))

/-! ### what the recursive calls may assume: the condition of the `if` they stand in -/
@[reducible] def binderNameHint {α : Sort u} {β : Sort v} {γ : Sort u} (_v : α) (_binder : β) (e : γ) : γ := e
@[wf_preprocess] theorem ite_eq_dite {P : Prop} {α : Sort u} {a b : α} [Decidable P] :
    (if P then a else b) = if _h : P then a else b := rfl
