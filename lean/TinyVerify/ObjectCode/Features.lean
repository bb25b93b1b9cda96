import TinyVerify.ObjectCode.FaultCheck
import TinyVerify.Policy.Thm
/-!
# Patterns of NaN and infinities, and lists that cover all features

Main result: `covers_spec`. Where a list covers the features, some feature in it passes a test just if the observation
holds one that does.
-/
namespace TinyVerify.ObjectCode

/-! ### patterns -/

theorem f32IsNaN_iff (bits : Nat) : f32IsNaN bits = true ↔ 2139095040 < bits % 2147483648 := by
  unfold f32IsNaN f32Exponent f32Fraction
  constructor
  · intro h
    have h1 := and_split h
    have h2 := Nat.eq_of_beq_eq_true h1.1
    have h3 := Nat.le_of_ble_eq_true h1.2
    omega
  · intro h
    have h1 : bits / 8388608 % 256 = 255 := by omega
    have h2 : 1 ≤ bits % 8388608 := by omega
    rw [h1, Nat.ble_eq_true_of_le h2]
    rfl

theorem f32IsInfinite_iff (bits : Nat) : f32IsInfinite bits = true ↔ bits % 2147483648 = 2139095040 := by
  unfold f32IsInfinite f32Exponent f32Fraction
  constructor
  · intro h
    have h1 := and_split h
    have h2 := Nat.eq_of_beq_eq_true h1.1
    have h3 := Nat.eq_of_beq_eq_true h1.2
    omega
  · intro h
    have h1 : bits / 8388608 % 256 = 255 := by omega
    have h2 : bits % 8388608 = 0 := by omega
    rw [h1, h2]
    rfl

/-! ### lists of features -/

/-- SomeFeature feature in the list passes the test. -/
def SomeFeature (test : Nat → Bool) (observation : List Nat) (l : List Nat) : Prop :=
  ∃ i, holdsNat i l = true ∧ test (bitsAt observation i) = true

theorem holdsNat_before (j : Nat) (l m : List Nat) :
    holdsNat j (before l m) = true ↔ holdsNat j l = true ∨ holdsNat j m = true := by
  induction l with
  | nil =>
    show holdsNat j m = true ↔ false = true ∨ holdsNat j m = true
    constructor
    · intro h; exact Or.inr h
    · intro h
      rcases h with h | h
      · contradiction
      · exact h
  | cons i l ih =>
    show (Nat.beq j i || holdsNat j (before l m)) = true ↔ (Nat.beq j i || holdsNat j l) = true ∨ holdsNat j m = true
    cases Nat.beq j i with
    | true => exact ⟨fun _ => Or.inl rfl, fun _ => rfl⟩
    | false => exact ih

theorem SomeFeature.before_iff (test : Nat → Bool) (observation l m : List Nat) :
    SomeFeature test observation (before l m) ↔ SomeFeature test observation l ∨ SomeFeature test observation m := by
  constructor
  · intro ⟨i, h, t⟩
    rcases (holdsNat_before i l m).mp h with h | h
    · exact Or.inl ⟨i, h, t⟩
    · exact Or.inr ⟨i, h, t⟩
  · intro h
    rcases h with ⟨i, h, t⟩ | ⟨i, h, t⟩
    · exact ⟨i, (holdsNat_before i l m).mpr (Or.inl h), t⟩
    · exact ⟨i, (holdsNat_before i l m).mpr (Or.inr h), t⟩

theorem SomeFeature.one_iff (test : Nat → Bool) (observation : List Nat) (i : Nat) :
    SomeFeature test observation [i] ↔ test (bitsAt observation i) = true := by
  constructor
  · intro ⟨j, h, t⟩
    have h1 : Nat.beq j i = true := by
      have h2 : (Nat.beq j i || false) = true := h
      cases hb : Nat.beq j i with
      | true => rfl
      | false => rw [hb] at h2; contradiction
    rw [Nat.eq_of_beq_eq_true h1] at t
    exact t
  · intro t
    have h : (Nat.beq i i || holdsNat i []) = true := by
      rw [show Nat.beq i i = true from Nat.beq_refl i]
      rfl
    exact ⟨i, h, t⟩

theorem SomeFeature.none_iff (test : Nat → Bool) (observation : List Nat) : SomeFeature test observation [] ↔ False := by
  constructor
  · intro ⟨_, h, _⟩
    exact nomatch h
  · intro h
    exact nomatch h

theorem both_spec {a b : Option (List Nat)} {l : List Nat} (h : both a b = some l) :
    ∃ m n, a = some m ∧ b = some n ∧ l = before m n := by
  cases a with
  | none => cases b <;> cases h
  | some m =>
    cases b with
    | none => cases h
    | some n => exact ⟨m, n, rfl, rfl, (Option.some.inj h).symm⟩

theorem coversBelow_spec {l : List Nat} : ∀ {n : Nat}, coversBelow l n = true → ∀ j, j < n → holdsNat j l = true := by
  intro n
  induction n with
  | zero => intro _ j hj; omega
  | succ n ih =>
    intro h j hj
    have h1 := and_split (a := holdsNat n l) h
    by_cases hn : j = n
    · rw [hn]; exact h1.1
    · exact ih h1.2 j (by omega)

theorem anyBits_iff {test : Nat → Bool} (observation : List Nat) :
    anyBits test observation = true ↔ ∃ i, i < observation.length ∧ test (bitsAt observation i) = true := by
  induction observation with
  | nil =>
    constructor
    · intro h
      exact nomatch h
    · intro ⟨i, h, _⟩
      have e : ([] : List Nat).length = 0 := rfl
      omega
  | cons bits rest ih =>
    have e : (bits :: rest).length = rest.length + 1 := rfl
    constructor
    · intro h
      cases hb : test bits with
      | true => exact ⟨0, by omega, hb⟩
      | false =>
        have h1 : (test bits || anyBits test rest) = true := h
        rw [hb] at h1
        obtain ⟨i, hi, ht⟩ := ih.mp h1
        exact ⟨i + 1, by omega, ht⟩
    · intro ⟨i, hi, ht⟩
      show (test bits || anyBits test rest) = true
      cases i with
      | zero =>
        have h1 : test bits = true := ht
        rw [h1]
        rfl
      | succ i =>
        rw [ih.mpr ⟨i, by omega, ht⟩]
        cases test bits <;> rfl

theorem bitsAt_outside (observation : List Nat) : ∀ i, observation.length ≤ i → bitsAt observation i = 0 := by
  induction observation with
  | nil => intro i _; rfl
  | cons bits rest ih =>
    intro i hi
    have e : (bits :: rest).length = rest.length + 1 := rfl
    cases i with
    | zero => omega
    | succ i => exact ih i (by omega)

/-- A list that covers all features passes a test where the observation does. -/
theorem covers_spec {test : Nat → Bool} (h0 : test 0 = false) {n : Nat} {observation : List Nat}
    (hn : observation.length = n) {l : List Nat} (h : coversBelow l n = true) :
    SomeFeature test observation l ↔ anyBits test observation = true := by
  rw [anyBits_iff]
  constructor
  · intro ⟨i, _, t⟩
    by_cases hi : i < observation.length
    · exact ⟨i, hi, t⟩
    · rw [bitsAt_outside observation i (by omega), h0] at t
      contradiction
  · intro ⟨i, hi, t⟩
    exact ⟨i, coversBelow_spec h i (by omega), t⟩

end TinyVerify.ObjectCode
