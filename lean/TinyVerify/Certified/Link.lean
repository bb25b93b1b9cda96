import TinyVerify.Certified.Indexed
import TinyVerify.Certified.Point
import TinyVerify.Float32.Thm
/-!
# What links the codes of a box to the observations of a float32 network

Main result: `Plan.at_root`, every observation of the box is a point of the root cell.
-/
namespace TinyVerify

/-- The code of input `i`, counted from 0 at the least code that any zero point allows. -/
def codeAt (input : List Feature) (q : List Int) (i : Nat) : Int := nth q i - (Plan.feature input i).zeroPoint + 255

/-- The observation, moved so that the box is not negative. -/
def placeAt (p : Plan) (x : List Int) (i : Nat) : Int := nth x i + p.coarse * p.startAt i

/-- What remains between code and observation. -/
def gapAt (input : List Feature) (q x : List Int) (i : Nat) : Int :=
  nth x i * f32Value (Plan.feature input i).invScale - codeUnit * (nth q i - (Plan.feature input i).zeroPoint)

theorem clamp_gap {n lo hi u err : Int} (h1 : -err ≤ codeUnit * n - u) (h2 : codeUnit * n - u ≤ err)
    (hl : codeUnit * lo - err ≤ u) (hh : u ≤ codeUnit * hi + err) (hle : lo ≤ hi) :
    -err ≤ u - codeUnit * clamp n lo hi ∧ u - codeUnit * clamp n lo hi ≤ err := by
  have c0 : 0 ≤ codeUnit := by unfold codeUnit; omega
  generalize codeUnit = unit at *
  by_cases a : n < lo
  · have e : clamp n lo hi = lo := by unfold clamp; omega
    have m := Int.mul_le_mul_of_nonneg_left (Int.le_of_lt a) c0
    rw [e]
    omega
  · by_cases b : hi < n
    · have e : clamp n lo hi = hi := by unfold clamp; omega
      have m := Int.mul_le_mul_of_nonneg_left (Int.le_of_lt b) c0
      rw [e]
      omega
    · have e : clamp n lo hi = n := by unfold clamp; omega
      rw [e]
      omega

theorem f32Value_nonneg {bits : Nat} (h : f32Negative bits = false) : 0 ≤ f32Value bits := by
  unfold f32Value
  rw [h]
  exact Int.natCast_nonneg _

set_option exponentiation.threshold 400 in
theorem Plan.at_root {p : Plan} {input : List Feature} {box : List Interval} {bits : List Nat}
    (hf : 1 ≤ p.fine) (hc : 1 ≤ p.coarse) (hu : p.scale * p.pairing.rho = codeUnit)
    (hin : input.length = p.pairing.dim) (hbox : box.length = p.pairing.dim)
    (ha : ∀ i, i < p.pairing.dim → p.axisOk input box i = true)
    (hfin : ∀ b ∈ bits, f32Exponent b < 255) (hx : InBox box (f32Values bits)) :
    At p.pairing p.root p.scale p.fine p.coarse (codeAt input (ObjectCode.quantizeAll input bits))
      (placeAt p (f32Values bits)) (gapAt input (ObjectCode.quantizeAll input bits) (f32Values bits)) := by
  have hlen : bits.length = p.pairing.dim := by rw [← length_f32Values, inBox_length hx, hbox]
  have each : ∀ i, i < p.pairing.dim →
      0 < (p.pairing.axis i).inv ∧
      (p.fine : Int) * (p.pairing.axis i).inv = f32Value (Plan.feature input i).invScale ∧
      ((p.pairing.axis i).inv : Int) * p.startAt i = 255 * p.pairing.rho + (p.pairing.axis i).low + (p.pairing.axis i).err ∧
      (-(p.scale * (p.pairing.axis i).err) ≤ gapAt input (ObjectCode.quantizeAll input bits) (f32Values bits) i ∧
        gapAt input (ObjectCode.quantizeAll input bits) (f32Values bits) i ≤ p.scale * (p.pairing.axis i).err) ∧
      p.root.low i ≤ codeAt input (ObjectCode.quantizeAll input bits) i ∧
      codeAt input (ObjectCode.quantizeAll input bits) i ≤ p.root.high i := by
    intro i hi
    have h := ha i hi
    unfold axisOk at h
    simp only at h
    have h1 := all_cons h
    have h2 := all_cons h1.2
    have h3 := all_cons h2.2
    have h4 := all_cons h3.2
    have h5 := all_cons h4.2
    have h6 := all_cons h5.2
    have h7 := all_cons h6.2
    have h8 := all_cons h7.2
    have h9 := all_cons h8.2
    have h10 := all_cons h9.2
    have h11 := all_cons h10.2
    have hneg : f32Negative (feature input i).invScale = false := by
      cases hb : f32Negative (feature input i).invScale with
      | false => rfl
      | true => rw [hb] at h1; exact Bool.noConfusion h1.1
    have hinv0 := f32Value_nonneg hneg
    have hq := quantizeF32_error (hfin _ (entry_mem 0 (show i < bits.length by omega))) hneg (feature input i).zeroPoint
    rcases hq with ⟨n, hn, herr⟩
    rw [← nth_quantizeAll (by omega) (by omega), ← nth_f32Values (by omega)] at *
    have hb := inBox_at hx (show i < box.length by omega)
    have hr := reach_bounds hx (show i < box.length by omega)
    have l7 := le_of_leqInt h7.1
    have l8 := le_of_leqInt h8.1
    have l9 := le_of_leqInt h9.1
    have l10 := le_of_leqInt h10.1
    have l11 := le_of_leqInt h11.1
    have z1 := le_of_leqInt h3.1
    have z2 := le_of_leqInt h4.1
    have m1 := Int.mul_le_mul_of_nonneg_right hb.1 hinv0
    have m2 := Int.mul_le_mul_of_nonneg_right hb.2 hinv0
    have m3 := Int.mul_le_mul_of_nonneg_right hr.1 hinv0
    have m4 := Int.mul_le_mul_of_nonneg_right hr.2 hinv0
    rw [Int.neg_mul] at m3
    have ec : ((2 ^ 298 : Nat) : Int) = codeUnit := rfl
    have ee : ((2 ^ 172 + 2 ^ 321 : Nat) : Int) = codeError := rfl
    rw [ec] at herr
    have herr2 : 16777216 * ((codeUnit * n - nth (f32Values bits) i * f32Value (feature input i).invScale).natAbs : Int) ≤
        ((nth (f32Values bits) i * f32Value (feature input i).invScale).natAbs : Int) + codeError := by
      have h := Int.ofNat_le.mpr herr
      rw [Int.natCast_mul, Int.natCast_add] at h
      exact h
    have u0 : 0 < codeUnit := by unfold codeUnit; exact two_pow_pos 298
    refine ⟨Nat.le_of_ble_eq_true h2.1, of_decide_eq_true h5.1, of_decide_eq_true h6.1, ?_⟩
    unfold gapAt codeAt
    have hn2 : nth (ObjectCode.quantizeAll input bits) i - (feature input i).zeroPoint =
        clamp n (-128 - (feature input i).zeroPoint) (127 - (feature input i).zeroPoint) := by omega
    rw [hn2]
    have gap := clamp_gap (n := n) (lo := -128 - (feature input i).zeroPoint) (hi := 127 - (feature input i).zeroPoint)
      (u := nth (f32Values bits) i * f32Value (feature input i).invScale) (err := p.scale * (p.pairing.axis i).err)
      (by omega) (by omega) (by omega) (by omega) (by omega)
    refine ⟨gap, ?_⟩
    generalize clamp n (-128 - (feature input i).zeroPoint) (127 - (feature input i).zeroPoint) = q at *
    have r1 : p.root.low i - 256 < q := by
      apply Int.lt_of_mul_lt_mul_left (a := codeUnit) _ (Int.le_of_lt u0)
      omega
    have r2 : q < p.root.high i - 254 := by
      apply Int.lt_of_mul_lt_mul_left (a := codeUnit) _ (Int.le_of_lt u0)
      omega
    omega
  refine ⟨rfl, by omega, by omega, fun i hi => (each i hi).2.2.2.2, fun i hi => (each i hi).1, ?_, fun i hi => (each i hi).2.2.2.1⟩
  intro i hi
  have h := each i hi
  unfold placeAt gapAt codeAt
  have e1 : (p.fine : Int) * (((p.pairing.axis i).inv : Int) * (nth (f32Values bits) i + p.coarse * p.startAt i)) =
      nth (f32Values bits) i * f32Value (feature input i).invScale +
        p.scale * (255 * p.pairing.rho + (p.pairing.axis i).low + (p.pairing.axis i).err) := by
    rw [← h.2.1, ← h.2.2.1]
    unfold scale
    rw [Int.mul_add, Int.mul_add]
    have f1 : (p.fine : Int) * (((p.pairing.axis i).inv : Int) * nth (f32Values bits) i) =
      nth (f32Values bits) i * ((p.fine : Int) * (p.pairing.axis i).inv) := by ac_rfl
    have f2 : (p.fine : Int) * (((p.pairing.axis i).inv : Int) * (p.coarse * p.startAt i)) =
      (p.fine : Int) * p.coarse * (((p.pairing.axis i).inv : Int) * p.startAt i) := by ac_rfl
    rw [f1, f2]
  rw [e1]
  have e2 : p.scale * (p.pairing.rho * (nth (ObjectCode.quantizeAll input bits) i - (feature input i).zeroPoint + 255) +
      ((p.pairing.axis i).low + (p.pairing.axis i).err)) =
      codeUnit * (nth (ObjectCode.quantizeAll input bits) i - (feature input i).zeroPoint) +
      p.scale * (255 * p.pairing.rho + (p.pairing.axis i).low + (p.pairing.axis i).err) := by
    rw [← hu, Int.mul_assoc, ← Int.mul_add]
    have f1 : (p.pairing.rho : Int) * (nth (ObjectCode.quantizeAll input bits) i - (feature input i).zeroPoint + 255) =
      p.pairing.rho * (nth (ObjectCode.quantizeAll input bits) i - (feature input i).zeroPoint) + 255 * p.pairing.rho := by
      rw [Int.mul_add, Int.mul_comm 255]
    rw [f1]
    congr 1
    omega
  rw [e2]
  omega

end TinyVerify
