import TinyVerify.Sample.Spec
import TinyVerify.SoftmaxLut.Thm
/-!
# Theorems about sample

Main results: `sampleDiscrete_lt` (an action is always found), `pick_spec` (the right one), `Gaussian.indexInRange_of_ok`,
`Gaussian.actionFor_int8`.
-/
namespace TinyVerify

theorem threshold_range {random total : Int} (h0 : 0 ≤ random) (h1 : random < 4294967296) (ht : 0 < total) :
    0 ≤ threshold random total ∧ threshold random total < total := by
  have hp := Int.mul_nonneg h0 (Int.le_of_lt ht)
  have b1 := asr_le (random * total) 32
  have b2 := lt_asr_add (random * total) 32
  have e : ((2 ^ 32 : Nat) : Int) = 4294967296 := by decide
  have h2 := Int.mul_le_mul_of_nonneg_left (show random ≤ 4294967295 by omega) (Int.le_of_lt ht)
  rw [e] at b1 b2
  rw [Int.mul_comm total random] at h2
  unfold threshold
  omega

/-- The first `n` weights together. -/
def prefixSum : Nat → List Int → Int
  | 0, _ => 0
  | _ + 1, [] => 0
  | n + 1, e :: es => e + prefixSum n es

/-- The index is found, and it is the one whose share of `[0, sum)` the threshold falls in. -/
theorem pick_spec (weights : List Int) : ∀ t, 0 ≤ t → t < sum weights →
    pick weights t < weights.length ∧ prefixSum (pick weights t) weights ≤ t ∧
    t < prefixSum (pick weights t + 1) weights := by
  induction weights with
  | nil =>
    intro t h0 ht
    have e : sum [] = 0 := rfl
    omega
  | cons e es ih =>
    intro t h0 ht
    have e1 : sum (e :: es) = e + sum es := rfl
    have e2 : (e :: es).length = es.length + 1 := rfl
    by_cases h : t < e
    · have e3 : pick (e :: es) t = 0 := if_pos h
      have e4 : prefixSum 0 (e :: es) = 0 := rfl
      have e5 : prefixSum (0 + 1) (e :: es) = e + 0 := rfl
      rw [e3, e4, e5]
      omega
    · have e3 : pick (e :: es) t = pick es (t - e) + 1 := if_neg h
      have h1 := ih (t - e) (by omega) (by omega)
      have e4 : prefixSum (pick es (t - e) + 1) (e :: es) = e + prefixSum (pick es (t - e)) es := rfl
      have e5 : prefixSum (pick es (t - e) + 1 + 1) (e :: es) = e + prefixSum (pick es (t - e) + 1) es := rfl
      rw [e3, e4, e5]
      omega

/-- For every random word an action is found. -/
theorem sampleDiscrete_lt {weights : List Int} {random : Int} (h0 : 0 ≤ random) (h1 : random < 4294967296)
    (ht : 0 < sum weights) : sampleDiscrete weights random < weights.length :=
  have h := threshold_range h0 h1 ht
  (pick_spec weights _ h.1 h.2).1

/-! ### the continuous head -/

theorem nth_unpack_int8 (n p : Nat) : ∀ i, Int8 (nth (unpack n p) i) := by
  induction n generalizing p with
  | zero => intro i; exact ⟨show (-128 : Int) ≤ 0 by decide, show (0 : Int) ≤ 127 by decide⟩
  | succ n ih =>
    intro i
    cases i with
    | zero =>
      have e : nth (unpack (n + 1) p) 0 = ((p % 256 : Nat) : Int) - 128 := rfl
      rw [e]
      exact ⟨by omega, by omega⟩
    | succ i => exact ih (p / 256) i

namespace Gaussian

theorem entry_int8 (table : Nat) (index : Int) : Int8 (entry table index) := nth_unpack_int8 256 table _

theorem paramsOk_spec {p : RequantizeParams} (h : paramsOk p = true) : p.Valid ∧ p.lo = -128 ∧ p.hi = 127 := by
  have h1 := and_split h
  have h2 := and_split h1.2
  have h3 := and_split h2.2
  have h4 := and_split h3.2
  have h5 := and_split h4.2
  have h6 := and_split h5.2
  have lo : p.lo = -128 := of_decide_eq_true h6.1
  have hi : p.hi = 127 := of_decide_eq_true h6.2
  refine ⟨⟨⟨of_decide_eq_true h1.1, of_decide_eq_true h2.1⟩, Nat.le_of_ble_eq_true h3.1,
    ⟨of_decide_eq_true h4.1, of_decide_eq_true h5.1⟩, ?_⟩, lo, hi⟩
  omega

theorem indexInRange_of_ok (g : Gaussian) (h : g.ok = true) : g.IndexInRange := by
  intro accMean accLogStd z random h0 h1 hz
  have h2 := and_split h
  have h3 := and_split h2.2
  have v := paramsOk_spec h3.1
  have r := requantize_range g.mode accLogStd g.logStd (by omega)
  have c := clamp_range (lo := -128) (hi := 127) (requantize g.mode accMean g.mean + g.noiseCode accLogStd z) (by decide)
  have b1 := asr_le random 24
  have b2 := lt_asr_add random 24
  have e : ((2 ^ 24 : Nat) : Int) = 16777216 := by decide
  have es := entry_int8 g.std (g.logStdIndex accLogStd)
  generalize hs : entry g.std (g.logStdIndex accLogStd) = s at es ⊢
  rw [e] at b1 b2
  have p1 : Int.natAbs (s * z) ≤ 128 * 128 := by
    rw [Int.natAbs_mul]
    exact Nat.mul_le_mul (by omega) (by omega)
  unfold logStdIndex gaussIndex tanhIndex
  omega

theorem actionFor_int8 (g : Gaussian) (accMean accLogStd z : Int) : Int8 (g.actionFor accMean accLogStd z) :=
  entry_int8 _ _

end Gaussian

end TinyVerify
