import TinyVerify.ObjectCode.Selections
import TinyVerify.ObjectCode.Words
/-!
# Softmax weights and probabilities, from right indices

Main results: `differences_eq`, `bytesAt_eq` and `stored_eq`.
-/
namespace TinyVerify.ObjectCode

/-- In `[-2^30, 2^30)`. -/
def Half32 (z : Int) : Prop := -1073741824 ≤ z ∧ z < 1073741824

/-- The differences of such numbers fit a word. -/
theorem differences_eq {top : Int} (ht : Half32 top) {accs : List Int} (ha : ∀ z ∈ accs, Half32 z) :
    differences top accs = mapInt (fun z => top - z) accs ∧ ∀ z ∈ differences top accs, Int32 z := by
  induction accs with
  | nil => exact ⟨rfl, fun z hz => by cases hz⟩
  | cons a as ih =>
    have h1 := ih (fun z hz => ha z (.tail _ hz))
    have h2 := ha a (.head _)
    have hw : Int32 (top - a) := ⟨by have := ht.1; have := h2.2; omega, by have := ht.2; have := h2.1; omega⟩
    have e : signedBits 32 (top - a) = top - a := signedBits_32 hw
    refine ⟨?_, ?_⟩
    · show signedBits 32 (top - a) :: differences top as = (top - a) :: mapInt (fun z => top - z) as
      rw [e, h1.1]
    · intro z hz
      cases hz with
      | head => rw [e]; exact hw
      | tail _ hm => exact h1.2 z hm

/-! ### the table -/

theorem signs_le (n p : Nat) : signs n p ≤ ones n := by
  induction n generalizing p with
  | zero => exact Nat.le_refl 0
  | succ n ih =>
    have h := ih (p / 256)
    show (if p % 256 < 128 then 0 else 1) + 256 * signs n (p / 256) ≤ 256 * ones n + 1
    split <;> omega

theorem unpack_nonneg (n : Nat) : ∀ p : Nat, signs n p = ones n → ∀ w ∈ unpack n p, 0 ≤ w := by
  induction n with
  | zero => intro p _ w hw; cases hw
  | succ n ih =>
    intro p h w hw
    have e : (if p % 256 < 128 then 0 else 1) + 256 * signs n (p / 256) = 256 * ones n + 1 := h
    have l := signs_le n (p / 256)
    have h1 : ¬ p % 256 < 128 := fun c => by rw [if_pos c] at e; omega
    rw [if_neg h1] at e
    cases hw with
    | head => show (0 : Int) ≤ ((p % 256 : Nat) : Int) - 128; omega
    | tail _ hm => exact ih (p / 256) (by omega) w hm

/-- Entries lie in `[0, 127]`. -/
theorem notNegative_spec {table : Nat} (h : notNegative table = true) (i : Nat) :
    0 ≤ nth (unpack 256 table) i ∧ nth (unpack 256 table) i ≤ 127 := by
  have h1 : Nat.land table (128 * onesFast 256) = 128 * onesFast 256 := Nat.eq_of_beq_eq_true h
  rw [onesFast_eq, land_signs] at h1
  refine ⟨nth_hold (Int.le_refl 0) (unpack_nonneg 256 table (by omega)) i, ?_⟩
  exact nth_hold (P := fun z => z ≤ 127) (by decide) (fun w hw => (unpack_int8 256 table w hw).2) i

/-- The bytes that are read are the weights. -/
theorem bytesAt_eq {h : Softmax} (ht : notNegative h.exp = true) (top : Int) (accs : List Int) :
    bytesAt h.exp (mapInt (fun z => h.code z + 128) (mapInt (fun z => top - z) accs)) = h.weightsFrom top accs ∧
    Within 127 (h.weightsFrom top accs) := by
  induction accs with
  | nil => exact ⟨rfl, fun z hz => by cases hz⟩
  | cons a as ih =>
    have h0 : 0 ≤ h.weight top a ∧ h.weight top a ≤ 127 := notNegative_spec ht _
    refine ⟨?_, ?_⟩
    · show unsignedBits 8 (h.weight top a) :: bytesAt h.exp (mapInt (fun z => h.code z + 128) (mapInt (fun z => top - z) as)) =
        h.weight top a :: h.weightsFrom top as
      have e : unsignedBits 8 (h.weight top a) = h.weight top a := Int.emod_eq_of_lt h0.1 (by
        have e2 : ((2 ^ 8 : Nat) : Int) = 256 := rfl
        rw [e2]
        omega)
      rw [ih.1, e]
    · intro z hz
      cases hz with
      | head => exact h0
      | tail _ hm => exact ih.2 z hm

/-! ### quotients -/

theorem length_probabilitiesFrom (total : Int) (es : List Int) : (probabilitiesFrom total es).length = es.length := by
  induction es with
  | nil => rfl
  | cons e es ih => exact congrArg (· + 1) ih

/-- Quotients lie in `[0, 2^15]`, also by zero. -/
theorem probabilities_within {bound : Nat} {es : List Int} (h : Within bound es) : Within 32768 (probabilities es) := by
  have hs := le_sum_of_nonneg (fun e he => (h e he).1)
  by_cases c : sum es = 0
  · have zero : ∀ as : List Int, Within 32768 (probabilitiesFrom 0 as) := by
      intro as
      induction as with
      | nil => intro q hq; cases hq
      | cons a as ih =>
        intro q hq
        cases hq with
        | head =>
          have e : probability a 0 = 0 := Int.ediv_zero _
          rw [e]
          exact ⟨Int.le_refl 0, by decide⟩
        | tail _ hm => exact ih q hm
    show Within 32768 (probabilitiesFrom (sum es) es)
    rw [c]
    exact zero es
  · exact probabilitiesFrom_range (total := sum es) (by omega) (fun e he => ⟨(h e he).1, hs.2 e he⟩)

/-- What is stored, from bytes that are the weights. -/
theorem stored_eq {es : List Int} {n : Nat} (hn : es.length = n) (small : Within 127 es) {weights probs : List Word}
    {quotients : List Quotient} (hw : wordsOk n 127 weights 0 = true) (hq : quotientsOk n 127 quotients 0 = true)
    (hp : wordsOk n 32768 probs 0 = true) :
    wordsOf es weights = es ∧ wordsOf (quotientsOf es quotients) probs = probabilities es := by
  refine ⟨wordsOk_spec small hn weights (.all _) hw, ?_⟩
  rw [show quotientsOf es quotients = probabilities es from quotientsOk_spec small hn quotients (.all _) hq]
  exact wordsOk_spec (probabilities_within small) ((length_probabilitiesFrom _ _).trans hn) probs (.all _) hp

end TinyVerify.ObjectCode
