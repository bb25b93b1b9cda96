import TinyVerify.Certified.Indexed
import TinyVerify.Float32.Thm
import TinyVerify.Network.Thm
/-!
# What one hidden unit computes, in both networks

Main results: `unit_code` (the int8 code against its real value), `unit_float` (the float32 value against the exact one).
-/
namespace TinyVerify

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
    rcases Int.lt_or_le 0 acc with h | h
    · exfalso
      have p1 : 0 < s.multiplier * acc := Int.mul_pos (by omega) h
      have p2 : 0 < (rho : Int) * theta := Int.mul_pos (by omega) (by omega)
      have p3 := Int.mul_pos p2 p1
      rw [← hval] at p3
      have p4 : 0 < (rho : Int) * (m * acc) := by
        rcases Int.lt_or_le 0 ((rho : Int) * (m * acc)) with h | h
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
