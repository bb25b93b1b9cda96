import TinyVerify.Certified.Claim
import TinyVerify.Certified.Thm
import TinyVerify.Float32.Thm
import TinyVerify.Network.Thm
/-!
# What links the integers of a plan to a policy and a float32 network

Main results: `Plan.at_root` (codes and observations), `unit_observed` (hidden units), `output_within` (logits).
-/
namespace TinyVerify

/-! ### lists by index -/

theorem sumTo_front (f : Nat → Int) (d : Nat) : sumTo f (d + 1) = f 0 + sumTo (fun i => f (i + 1)) d := by
  induction d with
  | zero => show 0 + f 0 = f 0 + 0; omega
  | succ d ih =>
    have e1 : sumTo f (d + 1 + 1) = sumTo f (d + 1) + f (d + 1) := rfl
    have e2 : sumTo (fun i => f (i + 1)) (d + 1) = sumTo (fun i => f (i + 1)) d + f (d + 1) := rfl
    omega

theorem sum_products_sumTo (w x : List Int) {d : Nat} (h : x.length ≤ d) :
    sum (products w x) = sumTo (fun i => nth w i * nth x i) d := by
  induction d generalizing w x with
  | zero =>
    cases x with
    | nil => cases w <;> rfl
    | cons _ _ => exact absurd h (by intro h; exact Nat.not_succ_le_zero _ h)
  | succ d ih =>
    rw [sumTo_front]
    cases x with
    | nil =>
      have e : sum (products w []) = 0 := by cases w <;> rfl
      have z : sumTo (fun i => nth w (i + 1) * nth ([] : List Int) (i + 1)) d = sumTo (fun _ => 0) d :=
        sumTo_congr d (fun i _ => Int.mul_zero _)
      have z0 : nth w 0 * nth ([] : List Int) 0 = 0 := Int.mul_zero _
      rw [e, z0, z, sumTo_zero]
      rfl
    | cons y ys =>
      have hl : ys.length ≤ d := by have : (y :: ys).length = ys.length + 1 := rfl; omega
      cases w with
      | nil =>
        have z : sumTo (fun i => nth ([] : List Int) (i + 1) * nth (y :: ys) (i + 1)) d = sumTo (fun _ => 0) d :=
          sumTo_congr d (fun i _ => Int.zero_mul _)
        have z0 : nth ([] : List Int) 0 * nth (y :: ys) 0 = 0 := Int.zero_mul _
        rw [z0, z, sumTo_zero]
        rfl
      | cons v vs =>
        have i := ih vs ys hl
        show v * y + sum (products vs ys) = v * y + sumTo (fun i => nth vs i * nth ys i) d
        rw [i]

theorem absSum_products_sumTo (w x : List Int) {d : Nat} (h : x.length ≤ d) :
    (absSum (products w x) : Int) = sumTo (fun i => ((nth w i * nth x i).natAbs : Int)) d := by
  induction d generalizing w x with
  | zero =>
    cases x with
    | nil => cases w <;> rfl
    | cons _ _ => exact absurd h (by intro h; exact Nat.not_succ_le_zero _ h)
  | succ d ih =>
    rw [sumTo_front]
    cases x with
    | nil =>
      have e : absSum (products w []) = 0 := by cases w <;> rfl
      have z : sumTo (fun i => ((nth w (i + 1) * nth ([] : List Int) (i + 1)).natAbs : Int)) d = sumTo (fun _ => 0) d :=
        sumTo_congr d (fun i _ => by
          have e : nth w (i + 1) * nth ([] : List Int) (i + 1) = 0 := Int.mul_zero _
          rw [e]; rfl)
      have z0 : nth w 0 * nth ([] : List Int) 0 = 0 := Int.mul_zero _
      rw [e, z0, z, sumTo_zero]
      rfl
    | cons y ys =>
      have hl : ys.length ≤ d := by have : (y :: ys).length = ys.length + 1 := rfl; omega
      cases w with
      | nil =>
        have z : sumTo (fun i => ((nth ([] : List Int) (i + 1) * nth (y :: ys) (i + 1)).natAbs : Int)) d = sumTo (fun _ => 0) d :=
          sumTo_congr d (fun i _ => by
            have e : nth ([] : List Int) (i + 1) * nth (y :: ys) (i + 1) = 0 := Int.zero_mul _
            rw [e]; rfl)
        have z0 : nth ([] : List Int) 0 * nth (y :: ys) 0 = 0 := Int.zero_mul _
        rw [z0, z, sumTo_zero]
        rfl
      | cons v vs =>
        have i := ih vs ys hl
        have e : absSum (products (v :: vs) (y :: ys)) = (v * y).natAbs + absSum (products vs ys) := rfl
        have e2 : sumTo (fun i => ((nth (v :: vs) (i + 1) * nth (y :: ys) (i + 1)).natAbs : Int)) d =
          sumTo (fun i => ((nth vs i * nth ys i).natAbs : Int)) d := rfl
        have e3 : nth (v :: vs) 0 * nth (y :: ys) 0 = v * y := rfl
        rw [e, e2, e3, ← i]
        omega

theorem inBox_length {box : List Interval} {x : List Int} (h : InBox box x) : x.length = box.length := by
  induction box generalizing x with
  | nil => cases x with
    | nil => rfl
    | cons _ _ => exact h.elim
  | cons b bs ih => cases x with
    | nil => exact h.elim
    | cons y ys => exact congrArg (· + 1) (ih h.2)

theorem inBox_at {box : List Interval} {x : List Int} (h : InBox box x) {i : Nat} (hi : i < box.length) :
    (Plan.range box i).lo ≤ nth x i ∧ nth x i ≤ (Plan.range box i).hi := by
  induction box generalizing x i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons b bs ih => cases x with
    | nil => exact h.elim
    | cons y ys => cases i with
      | zero => exact h.1
      | succ i => exact ih h.2 (by have : (b :: bs).length = bs.length + 1 := rfl; omega)

theorem length_f32Values (bits : List Nat) : (f32Values bits).length = bits.length := by
  induction bits with
  | nil => rfl
  | cons b bs ih => exact congrArg (· + 1) ih

theorem nth_f32Values {bits : List Nat} {i : Nat} (hi : i < bits.length) : nth (f32Values bits) i = f32Value (entry 0 bits i) := by
  induction bits generalizing i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons b bs ih => cases i with
    | zero => rfl
    | succ i => exact ih (by have : (b :: bs).length = bs.length + 1 := rfl; omega)

theorem entry_mem {α : Type} {as : List α} (d : α) {i : Nat} (hi : i < as.length) : entry d as i ∈ as := by
  induction as generalizing i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons a as ih => cases i with
    | zero => exact .head _
    | succ i => exact .tail _ (ih (by have : (a :: as).length = as.length + 1 := rfl; omega))

theorem length_quantizeAll {input : List Feature} {bits : List Nat} (h : bits.length = input.length) :
    (ObjectCode.quantizeAll input bits).length = input.length := by
  induction input generalizing bits with
  | nil => cases bits <;> rfl
  | cons f fs ih => cases bits with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons b bs => exact congrArg (· + 1) (ih (Nat.succ.inj h))

theorem nth_quantizeAll {input : List Feature} {bits : List Nat} (h : bits.length = input.length) {i : Nat}
    (hi : i < input.length) : nth (ObjectCode.quantizeAll input bits) i =
      quantizeF32 (entry 0 bits i) (Plan.feature input i).invScale (Plan.feature input i).zeroPoint := by
  induction input generalizing bits i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons f fs ih => cases bits with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons b bs => cases i with
      | zero => rfl
      | succ i => exact ih (Nat.succ.inj h) (by have : (f :: fs).length = fs.length + 1 := rfl; omega)

theorem le_of_leqInt {a b : Int} (h : leqInt a b = true) : a ≤ b := of_decide_eq_true h

theorem eq_of_sameInts {a b : List Int} (h : sameInts a b = true) : a = b := by
  induction a generalizing b with
  | nil => cases b with
    | nil => rfl
    | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons x xs ih => cases b with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons y ys =>
      have h' := and_split (a := decide (x = y)) (b := sameInts xs ys) h
      rw [of_decide_eq_true h'.1, ih h'.2]

/-- The tests of a list, one after another. -/
theorem all_cons {b : Bool} {bs : List Bool} (h : all (fun b => b) (b :: bs) = true) :
    b = true ∧ all (fun b => b) bs = true := and_split h

set_option exponentiation.threshold 400

/-! ### codes and observations -/

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

/-- `-reach ≤ x ≤ reach` -/
theorem reach_bounds {box : List Interval} {x : List Int} (h : InBox box x) {i : Nat} (hi : i < box.length) :
    -(Plan.reach box i) ≤ nth x i ∧ nth x i ≤ Plan.reach box i := by
  have hb := inBox_at h hi
  unfold Plan.reach
  omega

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

/-! ### hidden units -/

/-- The rounded code against the value that it stands for: `top` codes, `big` units a code. -/
theorem code_close {r acc multiplier unit big value rounding top : Int} (hu : 0 < unit) (hbig : 0 ≤ big)
    (hval : unit * value = big * (multiplier * acc))
    (he : -(unit + 2147483648) ≤ 2 * (unit * r - acc * multiplier) ∧ 2 * (unit * r - acc * multiplier) ≤ unit + 2147483648)
    (hr : big * (unit + 2147483648) ≤ 2 * (unit * rounding)) (htop : 0 ≤ top) :
    -(rounding + max (value - big * top) 0) ≤ big * clamp r 0 top - max value 0 ∧ big * clamp r 0 top - max value 0 ≤ rounding := by
  have key : -rounding ≤ big * r - value ∧ big * r - value ≤ rounding := by
    have m1 := Int.mul_le_mul_of_nonneg_left he.1 hbig
    have m2 := Int.mul_le_mul_of_nonneg_left he.2 hbig
    have e : big * (2 * (unit * r - acc * multiplier)) = 2 * (unit * (big * r - value)) := by
      rw [Int.mul_sub unit, hval, Int.mul_left_comm big 2, Int.mul_sub big]
      have e1 : big * (unit * r) = unit * (big * r) := Int.mul_left_comm _ _ _
      have e2 : big * (acc * multiplier) = big * (multiplier * acc) := by rw [Int.mul_comm acc]
      rw [e1, e2]
    rw [e] at m1 m2
    rw [Int.mul_neg] at m1
    refine ⟨?_, ?_⟩
    · have h : unit * -rounding ≤ unit * (big * r - value) := by rw [Int.mul_neg]; omega
      exact Int.le_of_mul_le_mul_left h hu
    · have h : unit * (big * r - value) ≤ unit * rounding := by omega
      exact Int.le_of_mul_le_mul_left h hu
  by_cases h1 : r < 0
  · have e : clamp r 0 top = 0 := by unfold clamp; omega
    have m := Int.mul_le_mul_of_nonneg_left (Int.le_of_lt h1) hbig
    rw [e]
    rw [Int.mul_zero] at m ⊢
    omega
  · have m0 := Int.mul_nonneg (a := big) (b := r) hbig (by omega)
    by_cases h2 : top < r
    · have e : clamp r 0 top = top := by unfold clamp; omega
      have m := Int.mul_le_mul_of_nonneg_left (Int.le_of_lt h2) hbig
      have m1 := Int.mul_nonneg (a := big) (b := top) hbig htop
      rw [e]
      omega
    · have e : clamp r 0 top = r := by unfold clamp; omega
      rw [e]
      omega

theorem clamp_shift {r zp : Int} : clamp (r + zp) zp 127 - zp = clamp r 0 (127 - zp) := by
  unfold clamp
  omega

theorem max_mul {k z : Int} (hk : 0 ≤ k) : max (k * z) 0 = k * max z 0 := by
  by_cases h : z ≤ 0
  · have h1 := Int.mul_le_mul_of_nonneg_left h hk
    have e1 : max z 0 = 0 := by omega
    rw [e1]
    omega
  · have h1 := Int.mul_nonneg hk (show 0 ≤ z by omega)
    have e1 : max z 0 = z := by omega
    rw [e1]
    omega

/-- The int8 half of a unit. -/
theorem unit_code {mode : Rounding} {l : Hidden} {s : Scale} {acc m rounding value scale : Int} {theta rho : Nat} (hs : scaleOk s = true)
    (hz : l.zeroPoint ≤ 127) (hrho : 1 ≤ rho) (htheta : 1 ≤ theta) (hm : m * unit s.shift = theta * s.multiplier)
    (hr : rho * theta * (unit s.shift + 2147483648) ≤ 2 * (unit s.shift * rounding)) (hscale : 0 < scale)
    (hv : value = scale * (rho * (m * acc))) :
    let a := scale * (rho * theta * (requantize mode acc (l.params s) - l.zeroPoint))
    (-(scale * rounding + max (value - scale * (rho * theta * (127 - l.zeroPoint))) 0) ≤ a - max value 0 ∧
      a - max value 0 ≤ scale * rounding) ∧ (value ≤ 0 → a = 0) := by
  have hs' := scaleOk_spec hs
  have u0 : 0 < unit s.shift := two_pow_pos _
  have he := twiceError_le mode acc s.multiplier s.shift
  unfold twiceError at he
  have eq : requantize mode acc (l.params s) - l.zeroPoint = clamp (rescale mode acc s.multiplier s.shift) 0 (127 - l.zeroPoint) :=
    clamp_shift
  have mono := rescale_mono mode (a := acc) (b := 0) (m := s.multiplier) s.shift (by omega)
  rw [rescale_zero] at mono
  intro a
  have ea : a = scale * (rho * theta * clamp (rescale mode acc s.multiplier s.shift) 0 (127 - l.zeroPoint)) := by
    show scale * (rho * theta * (requantize mode acc (l.params s) - l.zeroPoint)) = _
    rw [eq]
  generalize rescale mode acc s.multiplier s.shift = r at *
  have big0 : (0 : Int) ≤ rho * theta := Int.mul_nonneg (by omega) (by omega)
  have hval : unit s.shift * (rho * (m * acc)) = rho * theta * (s.multiplier * acc) := by
    have e1 : unit s.shift * (rho * (m * acc)) = rho * (m * unit s.shift * acc) := by ac_rfl
    rw [e1, hm]
    ac_rfl
  have c := code_close (r := r) (acc := acc) (value := rho * (m * acc)) (top := 127 - l.zeroPoint) u0 big0 hval he hr (by omega)
  have c1 := Int.mul_le_mul_of_nonneg_left c.1 (Int.le_of_lt hscale)
  have c2 := Int.mul_le_mul_of_nonneg_left c.2 (Int.le_of_lt hscale)
  have emax : scale * max (rho * (m * acc)) 0 = max value 0 := by
    rw [hv]
    by_cases h : (rho : Int) * (m * acc) ≤ 0
    · have h1 := Int.mul_le_mul_of_nonneg_left h (Int.le_of_lt hscale)
      rw [Int.mul_zero] at h1
      have e1 : max ((rho : Int) * (m * acc)) 0 = 0 := by omega
      rw [e1, Int.mul_zero]
      omega
    · have h1 := Int.mul_nonneg (a := scale) (b := rho * (m * acc)) (by omega) (by omega)
      have e1 : max ((rho : Int) * (m * acc)) 0 = rho * (m * acc) := by omega
      rw [e1]
      omega
  have eover : scale * max (rho * (m * acc) - rho * theta * (127 - l.zeroPoint)) 0 =
      max (value - scale * (rho * theta * (127 - l.zeroPoint))) 0 := by
    rw [← max_mul (Int.le_of_lt hscale), Int.mul_sub scale, ← hv]
  rw [Int.mul_sub scale, emax, Int.mul_neg scale, Int.mul_add scale, eover] at c1
  rw [Int.mul_sub scale, emax] at c2
  rw [ea]
  refine ⟨⟨by omega, by omega⟩, ?_⟩
  intro hneg
  have hacc : acc ≤ 0 := by
    rcases Int.lt_or_ge 0 acc with h | h
    · exfalso
      have p1 : 0 < s.multiplier * acc := Int.mul_pos (by omega) h
      have p2 : 0 < (rho : Int) * theta := Int.mul_pos (by omega) (by omega)
      have p3 := Int.mul_pos p2 p1
      rw [← hval] at p3
      have p4 : 0 < (rho : Int) * (m * acc) := by
        rcases Int.lt_or_ge 0 ((rho : Int) * (m * acc)) with h | h
        · exact h
        · have := Int.mul_le_mul_of_nonneg_left h (Int.le_of_lt u0)
          rw [Int.mul_zero] at this
          omega
      have p5 := Int.mul_pos hscale p4
      omega
    · exact h
  have hr0 := mono hacc
  have e0 : clamp r 0 (127 - l.zeroPoint) = 0 := by unfold clamp; omega
  rw [e0, Int.mul_zero, Int.mul_zero]

/-- The summands of a row have absolute values up to `floatReach`. -/
theorem absSum_terms_le_reach {p : Plan} {box : List Interval} {x : List Int} (hx : InBox box x) (hbox : box.length = p.pairing.dim)
    (r : FloatRow) : (absSum (r.terms x) : Int) ≤ p.floatReach box r := by
  have hl := inBox_length hx
  have e : (absSum (r.terms x) : Int) = ((f32One * r.bias).natAbs : Int) + (absSum (products r.weights x) : Int) := by
    have : absSum (r.terms x) = (f32One * r.bias).natAbs + absSum (products r.weights x) := rfl
    omega
  rw [e, absSum_products_sumTo r.weights x (show x.length ≤ p.pairing.dim by omega)]
  unfold Plan.floatReach
  have h := sumTo_le (f := fun i => ((nth r.weights i * nth x i).natAbs : Int))
    (g := fun i => ((nth r.weights i).natAbs : Int) * Plan.reach box i) p.pairing.dim (by
      intro i hi
      have b := reach_bounds hx (show i < box.length by omega)
      have m := mul_close (w := nth r.weights i) (w' := ((nth r.weights i).natAbs : Int)) (by omega) (by omega) b.1 b.2
      omega)
  omega

/-- The float32 half of a unit, and a bound on its value. -/
theorem unit_float {p : Plan} {box : List Interval} {x : List Int} (hx : InBox box x) (hbox : box.length = p.pairing.dim)
    {r : FloatRow} {h floating : Int} (hc : r.Computes x h) (hlen : r.weights.length ≤ p.pairing.dim)
    (ht : 4 * p.terms ≤ 16777216)
    (hf : p.phi * (p.terms * p.floatReach box r + 4 * p.terms * f32Tiny) ≤ (16777216 - p.terms) * (p.scale * floating)) :
    (-(p.scale * floating) ≤ p.phi * (f32One * max h 0) - max (p.phi * r.exact x) 0 ∧
      p.phi * (f32One * max h 0) - max (p.phi * r.exact x) 0 ≤ p.scale * floating) ∧
    p.phi * (f32One * max h 0) ≤ p.phi * p.floatReach box r + p.scale * floating := by
  have one0 : 0 < f32One := by unfold f32One; exact two_pow_pos 149
  have phi0 : (0 : Int) ≤ p.phi := by omega
  have terms1 : 1 ≤ p.terms := by unfold Plan.terms; omega
  have e := FloatRow.error hc ht (by unfold Plan.terms; omega)
  have reach := absSum_terms_le_reach hx hbox r
  have m := Int.mul_le_mul_of_nonneg_left reach (show 0 ≤ p.terms by omega)
  have m2 := Int.mul_le_mul_of_nonneg_left (Int.le_trans e (Int.add_le_add m (Int.le_refl _))) phi0
  have e1 : (p.phi : Int) * ((16777216 - p.terms) * ((f32One * h - r.exact x).natAbs : Int)) =
    (16777216 - p.terms) * (p.phi * ((f32One * h - r.exact x).natAbs : Int)) := Int.mul_left_comm _ _ _
  rw [e1] at m2
  have close := Int.le_of_mul_le_mul_left (Int.le_trans m2 hf) (show 0 < 16777216 - p.terms by omega)
  have exactReach : r.exact x ≤ p.floatReach box r := by
    have := natAbs_sum_le (r.terms x)
    unfold FloatRow.exact
    omega
  have m3 := Int.mul_le_mul_of_nonneg_left exactReach phi0
  have f1 : (p.phi : Int) * ((f32One * h - r.exact x).natAbs : Int) = ((p.phi * (f32One * h) - p.phi * r.exact x).natAbs : Int) := by
    rw [← Int.mul_sub, Int.natAbs_mul]
    rfl
  rw [f1] at close
  have f2 : p.phi * (f32One * max h 0) = max (p.phi * (f32One * h)) 0 := by
    rw [max_mul phi0, max_mul (Int.le_of_lt one0)]
  have reach0 : 0 ≤ (p.phi : Int) * p.floatReach box r := Int.mul_nonneg phi0 (Int.le_trans (absSum_nonneg _) reach)
  rw [f2]
  omega

end TinyVerify
