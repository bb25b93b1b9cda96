import TinyVerify.ObjectCode.Integers
/-!
# The numbers in normal forms, which are naturals with an offset
-/
namespace TinyVerify.ObjectCode

def Base.eval (x : List Int) (b : Base) : Int := b.expr.eval x

/-- The integer that a natural in a form stands for. -/
def meant (n : Nat) : Int := (n : Int) - (offset : Int)

def Form.eval (x : List Int) (f : Form) : Int :=
  clamp (asr ((f.mul : Int) * f.base.eval x + meant f.const) f.shift) (meant f.lo) (meant f.hi)

/-- What the layer before promises. -/
def Values.Hold : Values → List Int → Prop
  | .int32, x => ∀ z ∈ x, Int32 z
  | .int8, x => ∀ z ∈ x, Int8 z

theorem onlyIf_spec {test : Bool} {f : Option Form} {g : Form} (h : onlyIf test f = some g) : test = true ∧ f = some g := by
  cases test with
  | true => exact ⟨rfl, h⟩
  | false => cases h

theorem andThen_spec {f : Option Form} {g : Form → Option Form} {r : Form} (h : andThen f g = some r) :
    ∃ a, f = some a ∧ g a = some r := by
  cases f with
  | none => cases h
  | some a => exact ⟨a, rfl, h⟩

theorem checked_spec {base : Base} {mul const shift lo hi : Nat} {g : Form}
    (h : checked base mul const shift lo hi = some g) :
    g = ⟨base, mul, const, shift, lo, hi⟩ ∧ 1 ≤ const ∧ 1 ≤ lo ∧ 1 ≤ hi := by
  unfold checked at h
  rw [withNat_eq, withNat_eq, withNat_eq] at h
  have h1 := onlyIf_spec h
  have h2 := and_split h1.1
  have h3 := and_split h2.2
  exact ⟨(Option.some.inj h1.2).symm, Nat.le_of_ble_eq_true h2.1, Nat.le_of_ble_eq_true h3.1, Nat.le_of_ble_eq_true h3.2⟩

theorem withConst_spec {k : Int} {g : Nat → Option Form} {r : Form} (h : withConst k g = some r) :
    ∃ n, meant n = k ∧ g n = some r := by
  unfold withConst at h
  rw [withNat_eq] at h
  have h1 := onlyIf_spec h
  have h2 := Nat.le_of_ble_eq_true h1.1
  refine ⟨plus offset k 1, ?_, h1.2⟩
  unfold meant
  cases k with
  | ofNat m =>
    have e : plus offset (.ofNat m) 1 = offset + m * 1 := rfl
    rw [e, Nat.mul_one]
    show ((offset + m : Nat) : Int) - (offset : Int) = (m : Int)
    omega
  | negSucc m =>
    have e : plus offset (.negSucc m) 1 = offset - (m + 1) * 1 := rfl
    rw [e, Nat.mul_one] at h2 ⊢
    rw [negSucc_eq]
    omega

theorem plus_spec {n p : Nat} {k : Int} (h : 1 ≤ plus n k p) : meant (plus n k p) = meant n + k * (p : Int) := by
  unfold meant
  cases k with
  | ofNat m =>
    have e : plus n (.ofNat m) p = n + m * p := rfl
    have e2 : (Int.ofNat m) * (p : Int) = ((m * p : Nat) : Int) := rfl
    rw [e, e2]
    omega
  | negSucc m =>
    have e : plus n (.negSucc m) p = n - (m + 1) * p := rfl
    have e2 : (Int.negSucc m) * (p : Int) = -(((m + 1) * p : Nat) : Int) := by
      have e3 : Int.negSucc m = -((m + 1 : Nat) : Int) := rfl
      rw [e3, Int.neg_mul, Int.natCast_mul]
    rw [e] at h ⊢
    rw [e2]
    omega

theorem scaled_spec {n m : Nat} (h : 1 ≤ scaled n m) : meant (scaled n m) = meant n * (m : Int) := by
  have e : scaled n m = n * m + offset - offset * m := rfl
  unfold meant
  rw [e] at h ⊢
  rw [Int.sub_mul, ← Int.natCast_mul, ← Int.natCast_mul]
  omega

theorem offset_div {k : Nat} (h : k ≤ 127) : 2 ^ k * (offset / 2 ^ k) = offset := by
  obtain ⟨d, hd⟩ := Nat.le.dest h
  have e : offset = 2 ^ k * 2 ^ d := by
    rw [← Nat.pow_add, hd]
    decide +kernel
  have hp : 0 < 2 ^ k := Nat.pow_pos (Nat.le.step Nat.le.refl)
  have e2 : offset / 2 ^ k = 2 ^ d := by
    rw [e]
    exact Nat.mul_div_cancel_left _ hp
  rw [e2]
  exact e.symm

/-- Shifting what `n` means. -/
theorem asr_meant {k : Nat} (h : k ≤ 127) (n : Nat) :
    asr (meant n) k = ((n / 2 ^ k : Nat) : Int) - ((offset / 2 ^ k : Nat) : Int) := by
  have e := offset_div h
  have e1 : meant n = (n : Int) + -((offset / 2 ^ k : Nat) : Int) * ((2 ^ k : Nat) : Int) := by
    unfold meant
    rw [Int.neg_mul, ← Int.natCast_mul, Nat.mul_comm, e]
    omega
  rw [e1, asr_add_mul]
  have e2 : asr (n : Int) k = ((n / 2 ^ k : Nat) : Int) := rfl
  rw [e2]
  omega

theorem down_spec {n k : Nat} (hk : k ≤ 127) : meant (down n k) = asr (meant n) k := by
  have h : offset / 2 ^ k ≤ offset := Nat.div_le_self _ _
  have e : down n k = n / 2 ^ k + offset - offset / 2 ^ k := rfl
  rw [asr_meant hk, e]
  generalize n / 2 ^ k = a
  generalize offset / 2 ^ k = b at h
  unfold meant
  omega

theorem larger_meant (a b : Nat) : meant (larger a b) = Max.max (meant a) (meant b) := by
  unfold larger
  cases h : Nat.ble a b with
  | true =>
    have h1 := Nat.le_of_ble_eq_true h
    show meant b = _
    unfold meant
    omega
  | false =>
    have h1 : ¬ a ≤ b := fun h2 => by rw [Nat.ble_eq_true_of_le h2] at h; cases h
    show meant a = _
    unfold meant
    omega

theorem smaller_meant (a b : Nat) : meant (smaller a b) = Min.min (meant a) (meant b) := by
  unfold smaller
  cases h : Nat.ble a b with
  | true =>
    have h1 := Nat.le_of_ble_eq_true h
    show meant a = _
    unfold meant
    omega
  | false =>
    have h1 : ¬ a ≤ b := fun h2 => by rw [Nat.ble_eq_true_of_le h2] at h; cases h
    show meant b = _
    unfold meant
    omega

end TinyVerify.ObjectCode
