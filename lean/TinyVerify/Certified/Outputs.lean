import TinyVerify.Bounds.Thm
import TinyVerify.Certified.HiddenLayer
import TinyVerify.Certified.Thm
/-!
# From hidden units to logits

Main result: `output_within` (one logit).
-/
namespace TinyVerify

theorem difference_eq {p : Plan} {o : Output} {k : Nat} {big zp : Int} {n' x' : Nat → Int} {us : List Neuron} {ws vs cs hs : List Int}
    (hw : Plan.weightsOk o k us ws vs = true)
    (ho : Observed p.pairing p.scale p.fine n' x' us (codesOut big zp cs) (floatsOut p.phi hs)) :
    (o.den : Int) * difference k us (codesOut big zp cs) (floatsOut p.phi hs) =
      o.den * (o.a1 * big) * (sum (products ws cs) - zp * sum ws) - o.a2 * p.phi * f32One * sum (products vs (positive hs)) := by
  induction us generalizing ws vs cs hs with
  | nil =>
    cases ws with
    | nil => cases vs with
      | nil =>
        have e1 : sum (products [] cs) = 0 := by cases cs <;> rfl
        have e2 : sum (products [] (positive hs)) = 0 := by cases (positive hs) <;> rfl
        have e3 : difference k [] (codesOut big zp cs) (floatsOut p.phi hs) = 0 := by
          cases (codesOut big zp cs) <;> cases (floatsOut p.phi hs) <;> rfl
        have e4 : sum [] = 0 := rfl
        rw [e1, e2, e3, e4, Int.mul_zero, Int.mul_zero, Int.mul_zero]
        have e5 : (0 : Int) - 0 = 0 := rfl
        rw [e5, Int.mul_zero]
        rfl
      | cons _ _ => exact absurd hw (by intro h; exact Bool.noConfusion h)
    | cons _ _ => exact absurd hw (by intro h; exact Bool.noConfusion h)
  | cons u us ih =>
    cases ws with
    | nil => exact absurd hw (by intro h; exact Bool.noConfusion h)
    | cons w ws => cases vs with
      | nil => exact absurd hw (by intro h; exact Bool.noConfusion h)
      | cons v vs => cases cs with
        | nil => cases hs <;> exact ho.elim
        | cons c cs => cases hs with
          | nil => exact ho.elim
          | cons h hs =>
            have hw' := and_split hw
            have hw1 := and_split hw'.1
            have e1 : nth u.s k = o.a1 * w := of_decide_eq_true hw1.1
            have e2 : (o.den : Int) * nth u.v k = o.a2 * v := of_decide_eq_true hw1.2
            have i := ih hw'.2 ho.2.2
            show (o.den : Int) * ((nth u.s k * (big * (c - zp)) - nth u.v k * (p.phi * (f32One * max h 0))) +
                difference k us (codesOut big zp cs) (floatsOut p.phi hs)) =
              o.den * (o.a1 * big) * (w * c + sum (products ws cs) - zp * (w + sum ws)) -
                o.a2 * p.phi * f32One * (v * max h 0 + sum (products vs (positive hs)))
            rw [Int.mul_add (o.den : Int), i, Int.mul_sub (o.den : Int), e1]
            have f1 : (o.den : Int) * (o.a1 * w * (big * (c - zp))) = o.den * (o.a1 * big) * (w * c - zp * w) := by
              rw [Int.mul_comm zp, ← Int.mul_sub w]
              ac_rfl
            have f2 : (o.den : Int) * (nth u.v k * (p.phi * (f32One * max h 0))) = o.a2 * p.phi * f32One * (v * max h 0) := by
              have g : (o.den : Int) * (nth u.v k * (p.phi * (f32One * max h 0))) = o.den * nth u.v k * (p.phi * (f32One * max h 0)) := by ac_rfl
              rw [g, e2]
              ac_rfl
            rw [f1, f2]
            have f3 : w * c + sum (products ws cs) - zp * (w + sum ws) = (w * c - zp * w) + (sum (products ws cs) - zp * sum ws) := by
              rw [Int.mul_add]
              omega
            rw [f3, Int.mul_add (o.den * (o.a1 * big) : Int), Int.mul_add (o.a2 * p.phi * f32One : Int)]
            omega

theorem absSum_out_le {p : Plan} {box : List Interval} {us : List Neuron} {rs : List FloatRow} {hs : List Int}
    (hr : Reached p box us rs hs) (vs : List Int) : (absSum (products vs (positive hs)) : Int) ≤ p.outReach box us rs vs := by
  induction us generalizing rs hs vs with
  | nil =>
    cases rs with
    | nil => cases hs with
      | nil => cases vs <;> exact Int.le_refl _
      | cons _ _ => exact hr.elim
    | cons _ _ => cases hs <;> exact hr.elim
  | cons u us ih =>
    cases rs with
    | nil => cases hs <;> exact hr.elim
    | cons r rs => cases hs with
      | nil => exact hr.elim
      | cons h hs => cases vs with
        | nil => exact Int.le_refl _
        | cons v vs =>
          have i := ih hr.2 vs
          have m := mul_close (w := v) (w' := (v.natAbs : Int)) (z := max h 0) (z' := p.hiddenReach box u r)
            (by omega) (by omega) (by have := hr.1; omega) hr.1
          have e : absSum (products (v :: vs) (positive (h :: hs))) = (v * max h 0).natAbs + absSum (products vs (positive hs)) := rfl
          have e2 : p.outReach box (u :: us) (r :: rs) (v :: vs) = (v.natAbs : Int) * p.hiddenReach box u r + p.outReach box us rs vs := rfl
          rw [e, e2]
          omega

theorem codes_sum_le {zp : Int} (hz : zp ≤ 127) {cs : List Int} (hc : CodesIn zp cs) (ws : List Int) (hl : ws.length ≤ cs.length) :
    -((absSum ws : Int) * (127 - zp)) ≤ sum (products ws cs) - zp * sum ws ∧
    sum (products ws cs) - zp * sum ws ≤ (absSum ws : Int) * (127 - zp) := by
  induction ws generalizing cs with
  | nil =>
    have e1 : sum (products [] cs) = 0 := by cases cs <;> rfl
    have e2 : ((absSum [] : Nat) : Int) = 0 := rfl
    have e3 : sum [] = 0 := rfl
    rw [e1, e2, e3, Int.zero_mul, Int.mul_zero]
    omega
  | cons w ws ih =>
    cases cs with
    | nil => exact absurd hl (Nat.not_succ_le_zero _)
    | cons c cs =>
      have i := ih (cs := cs) (fun d hd => hc d (.tail _ hd)) (Nat.le_of_succ_le_succ hl)
      have h := hc c (.head _)
      have m := mul_close (w := w) (w' := (w.natAbs : Int)) (z := c - zp) (z' := 127 - zp) (by omega) (by omega) (by omega) (by omega)
      have e1 : sum (products (w :: ws) (c :: cs)) = w * c + sum (products ws cs) := rfl
      have e2 : ((absSum (w :: ws) : Nat) : Int) = (w.natAbs : Int) + (absSum ws : Int) := by
        have : absSum (w :: ws) = w.natAbs + absSum ws := rfl
        omega
      have e3 : sum (w :: ws) = w + sum ws := rfl
      rw [e1, e2, e3, Int.add_mul, Int.mul_add]
      rw [Int.mul_sub w c zp, Int.mul_comm w zp] at m
      omega

/-- A logit against the product of accumulator and scale. -/
theorem logit_close {acc scale z reach accError logitError : Int} (h : LogitOf acc scale z) (hs : 0 ≤ scale)
    (ha : -reach ≤ acc ∧ acc ≤ reach) (h1 : f32One * (f32One * reach) + f32Tiny ≤ 16777216 * (f32One * accError))
    (h2 : (f32One * reach + accError) * scale + f32Tiny ≤ 16777216 * (logitError - accError * scale)) :
    -logitError ≤ f32One * z - f32One * (scale * acc) ∧ f32One * z - f32One * (scale * acc) ≤ logitError := by
  have one0 : 0 < f32One := by unfold f32One; exact two_pow_pos 149
  rcases h with ⟨a, n1, n2⟩
  have n1 := near_error n1
  have n2 := near_error n2
  generalize f32One = one at *
  generalize f32Tiny = tiny at *
  have r1 := Int.mul_le_mul_of_nonneg_left ha.1 (Int.le_of_lt one0)
  have r2 := Int.mul_le_mul_of_nonneg_left ha.2 (Int.le_of_lt one0)
  rw [Int.mul_neg] at r1
  have r3 := Int.mul_le_mul_of_nonneg_left r1 (Int.le_of_lt one0)
  have r4 := Int.mul_le_mul_of_nonneg_left r2 (Int.le_of_lt one0)
  rw [Int.mul_neg] at r3
  have d1 : -accError ≤ a - one * acc ∧ a - one * acc ≤ accError := by
    have e : one * (a - one * acc) = one * a - one * (one * acc) := Int.mul_sub _ _ _
    refine ⟨?_, ?_⟩
    · have : one * -accError ≤ one * (a - one * acc) := by rw [e, Int.mul_neg]; omega
      exact Int.le_of_mul_le_mul_left this one0
    · have : one * (a - one * acc) ≤ one * accError := by rw [e]; omega
      exact Int.le_of_mul_le_mul_left this one0
  have s1 := Int.mul_le_mul_of_nonneg_right d1.1 hs
  have s2 := Int.mul_le_mul_of_nonneg_right d1.2 hs
  have s3 := Int.mul_le_mul_of_nonneg_right (show a ≤ one * reach + accError by omega) hs
  have s4 := Int.mul_le_mul_of_nonneg_right (show -(one * reach + accError) ≤ a by omega) hs
  rw [Int.sub_mul] at s1 s2
  rw [Int.neg_mul] at s1 s4
  have e : one * (scale * acc) = one * acc * scale := by ac_rfl
  rw [e]
  omega

/-- One logit: the plan's limits give its bound. -/
theorem output_within {p : Plan} {box : List Interval} {l : Hidden} {hidden : List FloatRow} {last : Dense} {o : Output} {k : Nat}
    {row : Row} {r : FloatRow} {pattern : Nat} (hok : p.outputOk box l hidden last o k row r pattern = true)
    {c : Cell} {n' x' e' : Nat → Int} (hp : At p.pairing c p.scale p.fine p.coarse n' x' e') (hphi : 1 ≤ p.phi) (hz : l.zeroPoint ≤ 127)
    {cs hs : List Int} (ho : Observed p.pairing p.scale p.fine n' x' p.pairing.units
      (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint cs) (floatsOut p.phi hs))
    (hcs : CodesIn l.zeroPoint cs) (hlen : (last.weights row).length ≤ cs.length) (hreach : Reached p box p.pairing.units hidden hs)
    (hhigh : c.errorHigh p.pairing k ≤ o.high) (hlow : c.errorLow p.pairing k ≤ o.low)
    {y z : Int} (hy : r.Computes (positive hs) y)
    (hlogit : LogitOf (accumulate row.bias (last.weights row) cs) (f32Value pattern) z) :
    -(boundUnit * o.bound) ≤ z - y ∧ z - y ≤ boundUnit * o.bound := by
  unfold Plan.outputOk at hok
  have h1 := all_cons hok
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
  have a2 : 1 ≤ o.a2 := Nat.le_of_ble_eq_true h2.1
  have one0 : 0 < f32One := by unfold f32One; exact two_pow_pos 149
  have u0 : 0 < p.errorUnit o := by
    unfold Plan.errorUnit
    exact Int.mul_pos (Int.mul_pos (by omega) (by omega)) one0
  have um0 : 0 < p.errorUnit o * f32One := Int.mul_pos u0 one0
  have den0 : (0 : Int) ≤ o.den := by omega
  have lens : ∀ {us : List Neuron} {ws vs : List Int}, Plan.weightsOk o k us ws vs = true → vs.length = us.length := by
    intro us
    induction us with
    | nil =>
      intro ws vs h
      cases ws with
      | nil => cases vs with
        | nil => rfl
        | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons u us ih =>
      intro ws vs h
      cases ws with
      | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons w ws => cases vs with
        | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
        | cons v vs => exact congrArg (· + 1) (ih (and_split h).2)
  have hl := lens h1.1
  -- the float32 sum
  have sumErr := FloatRow.error hy (n := (p.pairing.units.length : Int) + 1) (le_of_leqInt h6.1) (by omega)
  have reach := absSum_out_le hreach r.weights
  have eTerms : (absSum (r.terms (positive hs)) : Int) = ((f32One * r.bias).natAbs : Int) + (absSum (products r.weights (positive hs)) : Int) := by
    have : absSum (r.terms (positive hs)) = (f32One * r.bias).natAbs + absSum (products r.weights (positive hs)) := rfl
    omega
  have mTerms := Int.mul_le_mul_of_nonneg_left (show (absSum (r.terms (positive hs)) : Int) ≤ ((f32One * r.bias).natAbs : Int) +
    p.outReach box p.pairing.units hidden r.weights by omega) (show 0 ≤ (p.pairing.units.length : Int) + 1 by omega)
  have close := Int.le_of_mul_le_mul_left (Int.le_trans (Int.le_trans sumErr (Int.add_le_add mTerms (Int.le_refl _))) (le_of_leqInt h7.1))
    (by have := le_of_leqInt h6.1; omega)
  have eExact : r.exact (positive hs) = f32One * r.bias + sum (products r.weights (positive hs)) := rfl
  -- the accumulator
  have accSum := codes_sum_le hz hcs (last.weights row) hlen
  have accIn : -(Plan.accReach l (last.weights row) row.bias) ≤ accumulate row.bias (last.weights row) cs ∧
      accumulate row.bias (last.weights row) cs ≤ Plan.accReach l (last.weights row) row.bias := by
    unfold Plan.accReach Plan.accBase accumulate
    omega
  have logit := logit_close hlogit (le_of_leqInt h4.1) accIn (le_of_leqInt h8.1) (le_of_leqInt h9.1)
  -- the difference
  have diff := difference_eq h1.1 ho
  have bound := Cell.error_bound hp k ho
  have s0 := hp.scale_pos
  have b1 := Int.mul_le_mul_of_nonneg_left hhigh (Int.le_of_lt s0)
  have b2 := Int.mul_le_mul_of_nonneg_left hlow (Int.le_of_lt s0)
  have b3 := Int.mul_le_mul_of_nonneg_left (Int.le_trans bound.1 b1) den0
  have b4 := Int.mul_le_mul_of_nonneg_left (Int.le_trans bound.2 b2) den0
  have l10 := le_of_leqInt h10.1
  have l11 := le_of_leqInt h11.1
  unfold Plan.constant at l10 l11
  have e5 := of_decide_eq_true h5.1
  have m1 := Int.mul_le_mul_of_nonneg_left logit.1 (Int.le_of_lt u0)
  have m2 := Int.mul_le_mul_of_nonneg_left logit.2 (Int.le_of_lt u0)
  have m3 := Int.mul_le_mul_of_nonneg_left (show f32One * y - r.exact (positive hs) ≤ o.sumError by omega) (Int.le_of_lt u0)
  have m4 := Int.mul_le_mul_of_nonneg_left (show r.exact (positive hs) - f32One * y ≤ o.sumError by omega) (Int.le_of_lt u0)
  generalize difference k p.pairing.units (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint cs) (floatsOut p.phi hs) = dif at *
  rw [eExact] at m3 m4
  have eu : (o.a2 : Int) * p.phi * f32One = p.errorUnit o := rfl
  rw [e5, eu] at diff
  -- everything in units of `errorUnit * f32One`
  have accEq : accumulate row.bias (last.weights row) cs = Plan.accBase l (last.weights row) row.bias +
      (sum (products (last.weights row) cs) - l.zeroPoint * sum (last.weights row)) := by
    unfold accumulate Plan.accBase
    omega
  generalize accumulate row.bias (last.weights row) cs = acc at *
  generalize sum (products (last.weights row) cs) - l.zeroPoint * sum (last.weights row) = t at *
  generalize Plan.accBase l (last.weights row) row.bias = base at *
  generalize sum (products r.weights (positive hs)) = s at *
  generalize p.errorUnit o = unit at *
  generalize f32Value pattern = scale at *
  have d1 : unit * f32One * (z - y) = unit * (f32One * z - f32One * (scale * acc)) + unit * f32One * (scale * acc - y) := by
    have : f32One * z - f32One * (scale * acc) = f32One * (z - scale * acc) := by rw [Int.mul_sub]
    rw [this, ← Int.mul_assoc, ← Int.mul_add]
    congr 1
    omega
  have d2 : unit * f32One * (scale * acc - y) = unit * f32One * scale * t + unit * f32One * (scale * base - r.bias) -
      unit * s - unit * (f32One * y - (f32One * r.bias + s)) := by
    rw [accEq, Int.mul_sub unit, Int.mul_add unit, Int.mul_add scale, Int.mul_sub, Int.mul_sub, Int.mul_add]
    have f1 : unit * (f32One * y) = unit * f32One * y := by ac_rfl
    have f2 : unit * (f32One * r.bias) = unit * f32One * r.bias := by ac_rfl
    have f3 : unit * f32One * scale * t = unit * f32One * (scale * t) := by ac_rfl
    omega
  have e6 : (o.den : Int) * (p.scale * o.high) = p.scale * (o.den * o.high) := by ac_rfl
  have e7 : (o.den : Int) * (p.scale * o.low) = p.scale * (o.den * o.low) := by ac_rfl
  have e8 : (o.den : Int) * (2 * dif) = 2 * (o.den * dif) := by ac_rfl
  have e9 : (o.den : Int) * -(2 * dif) = -(2 * (o.den * dif)) := by rw [Int.mul_neg, e8]
  rw [e6, e8] at b3
  rw [e7, e9] at b4
  rw [Int.mul_add unit] at l10 l11
  rw [Int.mul_neg] at m1
  have m5 : unit * (f32One * r.bias + s - f32One * y) = -(unit * (f32One * y - (f32One * r.bias + s))) := by
    rw [← Int.mul_neg]
    congr 1
    omega
  rw [m5] at m4
  generalize unit * (f32One * y - (f32One * r.bias + s)) = g1 at *
  generalize unit * (f32One * z - f32One * (scale * acc)) = g2 at *
  generalize unit * f32One * (scale * base - r.bias) = g3 at *
  generalize unit * f32One * scale * t = g4 at *
  generalize unit * f32One * (scale * acc - y) = g5 at *
  refine ⟨?_, ?_⟩
  · have : unit * f32One * -(boundUnit * o.bound) ≤ unit * f32One * (z - y) := by rw [d1, Int.mul_neg]; omega
    exact Int.le_of_mul_le_mul_left this um0
  · have : unit * f32One * (z - y) ≤ unit * f32One * (boundUnit * o.bound) := by rw [d1]; omega
    exact Int.le_of_mul_le_mul_left this um0

end TinyVerify
