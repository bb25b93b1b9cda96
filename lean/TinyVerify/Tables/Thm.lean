import TinyVerify.Normal.Thm
import TinyVerify.Tables.Spec
/-!
# Tables that pass their checks are within 0.501 of a code

Main results: `Head.softmaxWithin_of_ok`, `Head.gaussianWithin_of_ok`.
-/
namespace TinyVerify

theorem entries_of_ok {test : Nat → Nat → Bool} {n k table : Nat} (h : entriesOk test n k table = true) :
    ∀ i, i < n → ∃ b : Nat, nth (unpack n table) i = (b : Int) - 128 ∧ test (k + i) b = true := by
  induction n generalizing k table with
  | zero => exact fun i hi => absurd hi (Nat.not_lt_zero i)
  | succ n ih =>
    unfold entriesOk at h
    simp only [withNat_eq] at h
    have h1 := and_split h
    intro i hi
    cases i with
    | zero => exact ⟨table % 256, rfl, h1.1⟩
    | succ i =>
      have e : k + (i + 1) = k + 1 + i := by omega
      rw [e]
      exact ih h1.2 i (Nat.lt_of_succ_lt_succ hi)

theorem Entries.of_ok {test : Nat → Nat → Bool} {p : Nat → Int → Prop} {table : Nat} (h : entriesOk test 256 0 table = true)
    (sound : ∀ k b, test k b = true → p k ((b : Int) - 128)) : Entries table p := fun k hk => by
  rcases entries_of_ok h k hk with ⟨b, e, t⟩
  rw [Nat.zero_add] at t
  rw [e]
  exact sound k b t

theorem ExpWithin.of_ok {unit : Nat} {a : Int} {scale : Ratio} {b : Nat} (hu : 0 < unit)
    (h : expWithinOk unit a scale b = true) : ExpWithin unit a scale ((b : Int) - 128) := by
  have h1 := and_split h
  have low : 127499 ≤ 1000 * b := Nat.le_of_ble_eq_true h1.1
  have both := ExpAtMost.of_both hu h1.2
  have s0 := Int.natCast_nonneg scale.numerator
  have e : ((Nat.mul 1000 scale.denominator : Nat) : Int) = 1000 * (scale.denominator : Int) := Int.natCast_mul _ _
  have up : ((Nat.mul (Nat.sub (Nat.mul 1000 b) 127499) scale.numerator : Nat) : Int) =
      (((1000 * b - 127499 : Nat)) : Int) * scale.numerator := Int.natCast_mul _ _
  have down : ((Nat.mul (Nat.sub (Nat.mul 1000 b) 128501) scale.numerator : Nat) : Int) =
      (((1000 * b - 128501 : Nat)) : Int) * scale.numerator := Int.natCast_mul _ _
  rw [e, up, down] at both
  exact ⟨both.1.weaken (Int.le_refl _) (Int.mul_le_mul_of_nonneg_right (by omega) s0),
    both.2.weaken (Int.mul_le_mul_of_nonneg_right (by omega) s0) (Int.le_refl _)⟩

theorem TanhWithin.of_ok {unit : Nat} {y : Int} {b : Nat} (hu : 0 < unit) (h : tanhWithinOk unit y b = true) :
    TanhWithin unit y ((b : Int) - 128) := by
  have h1 := and_split h
  have h2 := and_split h1.2
  have low : 499 ≤ 1000 * b := Nat.le_of_ble_eq_true h1.1
  have high : 1000 * b ≤ 255501 := Nat.le_of_ble_eq_true h2.1
  have both := ExpAtMost.of_both hu h2.2
  have e1 : ((Nat.sub 254499 (Nat.mul 1000 b) : Nat) : Int) = ((254499 - 1000 * b : Nat) : Int) := rfl
  have e2 : ((Nat.sub (Nat.mul 1000 b) 499 : Nat) : Int) = ((1000 * b - 499 : Nat) : Int) := rfl
  have e3 : ((Nat.sub (Nat.mul 1000 b) 1501 : Nat) : Int) = ((1000 * b - 1501 : Nat) : Int) := rfl
  have e4 : ((Nat.sub 255501 (Nat.mul 1000 b) : Nat) : Int) = ((255501 - 1000 * b : Nat) : Int) := rfl
  rw [e1, e2, e3, e4] at both
  have e5 : 2 * -y = -(2 * y) := by omega
  refine ⟨both.1.weaken (by omega) (by omega), ?_⟩
  show ExpAtMost unit (2 * -y) _ _
  rw [e5]
  exact both.2.weaken (by omega) (by omega)

theorem argument_eq {scale : Ratio} {zero : Int} (hz : -128 ≤ zero) (k : Nat) :
    argument scale zero k = scale.numerator * ((k : Int) - 128 - zero) := by
  have e : (((128 + zero).toNat : Nat) : Int) = 128 + zero := by omega
  have d : (k : Int) - 128 - zero = k - (128 + zero) := by omega
  unfold argument
  rw [natDiff_eq, d, Int.mul_sub, ← e]
  rfl

theorem QuantileWithin.of_ok {l : Nat} {scale : Ratio} {k b : Nat} (hu : 0 < 1000 * scale.denominator)
    (h : quantileOk (halfPi.num l) (halfPi.den l) (halfPi.num l + halfPi.top l) scale k b = true) :
    QuantileWithin scale (2 * k - 255) 256 ((b : Int) - 128) := by
  have h1 := and_split h
  have low := NormalAtMost.of_ok hu h1.1
  have high := NormalAtMost.of_ok hu h1.2
  rw [natDiff_eq, natDiff_eq] at low high
  have w : ((Nat.mul 2 k : Nat) : Int) = 2 * (k : Int) := Int.natCast_mul 2 k
  have own : ((Nat.mul (Nat.mul 1000 b) scale.numerator : Nat) : Int) = 1000 * (b : Int) * scale.numerator := by
    have e := Int.natCast_mul (1000 * b) scale.numerator
    rw [Int.natCast_mul 1000 b] at e
    exact e
  have less : ((Nat.mul 128501 scale.numerator : Nat) : Int) = 128501 * (scale.numerator : Int) := Int.natCast_mul _ _
  have more : ((Nat.mul 127499 scale.numerator : Nat) : Int) = 127499 * (scale.numerator : Int) := Int.natCast_mul _ _
  rw [own, less, w, ← Int.sub_mul] at low
  rw [own, more, w, ← Int.sub_mul] at high
  have e1 : 1000 * (b : Int) - 128501 = 1000 * ((b : Int) - 128) - 501 := by omega
  have e2 : 127499 - 1000 * (b : Int) = -(1000 * ((b : Int) - 128) + 501) := by omega
  have e3 : ((255 : Nat) : Int) - 2 * (k : Int) = -(2 * (k : Int) - 255) := by omega
  rw [e1] at low
  rw [e2, e3, Int.neg_mul] at high
  exact ⟨low, high⟩

theorem Head.softmaxWithin_of_ok {head : Head} {step : Ratio} (h : head.softmaxOk step = true) : head.SoftmaxWithin step := by
  cases head with
  | continuous g => exact Bool.noConfusion h
  | discrete s =>
    have h1 := and_split h
    refine Entries.of_ok h1.2 fun k b t => ?_
    have e : natDiff 0 (Nat.mul step.numerator k) = -((step.numerator * k : Nat) : Int) := by
      rw [natDiff_eq]
      exact Int.zero_sub _
    rw [e] at t
    exact .of_ok (Nat.le_of_ble_eq_true h1.1) t

theorem Head.gaussianWithin_of_ok {head : Head} {s : GaussianScales} (h : head.gaussianOk s = true) : head.GaussianWithin s := by
  cases head with
  | discrete s => exact Bool.noConfusion h
  | continuous g =>
    have h1 := and_split h
    have u := and_split h1.1
    have u' := and_split u.2
    have t := and_split h1.2
    have t' := and_split t.2
    have std := and_split t.1
    have tanh := and_split t'.1
    have q := t'.2
    unfold Gaussian.gaussOk at q
    simp only [withNat_eq] at q
    have q1 := and_split q
    have q2 := and_split q1.2
    have unit : 0 < s.gauss.denominator := Nat.le_of_ble_eq_true u'.2
    have fine : 0 < 1000 * s.gauss.denominator := Nat.mul_pos (by decide) unit
    exact {
      std := Entries.of_ok std.2 fun k _ t => .of_ok (Nat.le_of_ble_eq_true u'.1) (argument_eq (of_decide_eq_true std.1) k ▸ t)
      tanh := Entries.of_ok tanh.2 fun k _ t => .of_ok (Nat.le_of_ble_eq_true u.1) (argument_eq (of_decide_eq_true tanh.1) k ▸ t)
      gauss := Entries.of_ok q1.1 fun _ _ t => .of_ok fine t
      first := .of_ok unit q2.1
      last := .of_ok unit q2.2 }

end TinyVerify
