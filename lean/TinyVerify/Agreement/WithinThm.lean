import TinyVerify.Agreement.Order
import TinyVerify.Agreement.Share
import TinyVerify.Agreement.Within
import TinyVerify.Certified.FastThm
import TinyVerify.Requantize.Thm
import TinyVerify.Tanh.Thm
/-!
# The actions of continuous policies on a share of the box

Main results: `MeanCode.close` (tanh between the ends of a row), `ActionJudge.close` (on a leaf that passes its check the actions
are close), `WithinOn.of_ok`, the theorem that a certificate instantiates.
-/
namespace TinyVerify

/-! ### tables -/

/-- Without noise the action is the table's entry at the code of the mean. -/
theorem Gaussian.actionFor_zero {g : Gaussian} (h : requantize g.mode 0 g.noise = 0) (acc other : Int) :
    g.actionFor acc other 0 = Gaussian.entry g.tanh (clamp (requantize g.mode acc g.mean) (-128) 127 + 128) := by
  unfold actionFor tanhIndex noiseCode
  rw [Int.mul_zero, h, Int.add_zero]

theorem withDequantized_eq (acc : Int) (scale : Nat) (g : Nat → Bool) : withDequantized acc scale g = g (dequantize acc scale) := by
  unfold withDequantized
  rw [withNat_eq, withNat_eq, withNat_eq]
  rfl

namespace MeanCode

/-- The two actions are close where the accumulator is one of a row, and the float32 mean near its product with `unit`. -/
theorem close {r : MeanCode} {g : Gaussian} {scale : Nat} {bound tolerance unit : Int} (ok : r.ok g scale bound tolerance unit = true)
    (quiet : requantize g.mode 0 g.noise = 0) (hm : 0 ≤ g.mean.multiplier) (hb : 1 ≤ bound) (hu : 0 ≤ unit)
    {above below : Nat} (fit : r.fits above below = true) {acc other y action : Int} (h1 : accAt r.first ≤ acc) (h2 : acc ≤ accAt r.last)
    (h3 : acc * unit - y ≤ boundUnit * below) (h4 : y - acc * unit ≤ boundUnit * above) (h : TanhAction bound y action) :
    -tolerance ≤ f32Value (dequantize (g.actionFor acc other 0) scale) - action ∧
    f32Value (dequantize (g.actionFor acc other 0) scale) - action ≤ tolerance := by
  have ok1 := and_split ok
  rw [withInt_eq, withDequantized_eq, withInt_eq] at ok1
  have ok2 := and_split ok1.2
  have ok3 := and_split ok2.2
  have ok4 := and_split ok3.2
  have f := and_split fit
  have same : requantize g.mode (accAt r.last) g.mean = requantize g.mode (accAt r.first) g.mean := of_decide_eq_true ok1.1
  have m1 := requantize_mono g.mode g.mean hm h1
  have m2 := requantize_mono g.mode g.mean hm h2
  have code : requantize g.mode acc g.mean = requantize g.mode (accAt r.first) g.mean := by omega
  have own : g.actionFor acc other 0 = r.code g := by
    rw [Gaussian.actionFor_zero quiet, code]
    rfl
  rw [own]
  have unit0 : 0 ≤ boundUnit := by unfold boundUnit; exact Int.natCast_nonneg _
  have g1 := Int.mul_le_mul_of_nonneg_right h1 hu
  have g2 := Int.mul_le_mul_of_nonneg_right h2 hu
  have g3 := Int.mul_le_mul_of_nonneg_left (Int.ofNat_le.mpr (Nat.le_of_ble_eq_true f.1)) unit0
  have g4 := Int.mul_le_mul_of_nonneg_left (Int.ofNat_le.mpr (Nat.le_of_ble_eq_true f.2)) unit0
  have high := le_of_leqInt ok4.1
  have low := le_of_leqInt ok4.2
  have d0 : 0 < 1048576 * bound := by omega
  have up := (TanhAtMost.of_ok ok2.1).mono d0 (show y ≤ boundUnit * r.high by omega)
  have down := (TanhAtMost.of_ok ok3.1).mono d0 (show -y ≤ -(boundUnit * r.low) by omega)
  have o1 := up.order h.2
  have o2 := h.1.order down
  omega

end MeanCode

/-- Rows that follow one another hold every accumulator between. -/
theorem row_of_covers {first last : Nat} {rows : List MeanCode} (h : covers first last rows = true) {acc : Int} (h1 : accAt first ≤ acc)
    (h2 : acc ≤ accAt last) : ∃ r ∈ rows, accAt r.first ≤ acc ∧ acc ≤ accAt r.last := by
  induction rows generalizing first with
  | nil =>
    have := Nat.le_of_ble_eq_true (show Nat.ble (last + 1) first = true from h)
    unfold accAt at h1 h2
    omega
  | cons r rs ih =>
    have h' := and_split h
    have lo := Nat.le_of_ble_eq_true h'.1
    by_cases he : acc ≤ accAt r.last
    · exact ⟨r, .head _, by unfold accAt at h1 ⊢; omega, he⟩
    · rcases ih h'.2 (by unfold accAt at he ⊢; omega) with ⟨s, hs, hh⟩
      exact ⟨s, .tail _ hs, hh⟩

/-! ### limits -/

/-- The accumulator times `scale`, against the float32 sum. -/
theorem mean_close {den dif unit one scale acc base t bias s y error limit high low below above : Int} (den0 : 0 ≤ den) (u0 : 0 < unit)
    (one0 : 0 < one) (hacc : acc = base + t) (diff : den * dif = unit * one * scale * t - unit * s)
    (c : -error ≤ one * y - (one * bias + s) ∧ one * y - (one * bias + s) ≤ error)
    (b1 : 2 * dif ≤ limit * high) (b2 : -(2 * dif) ≤ limit * low)
    (l1 : limit * (den * high) + 2 * (unit * one * (scale * base - bias)) + 2 * (unit * error) ≤ 2 * (unit * one * below))
    (l2 : limit * (den * low) - 2 * (unit * one * (scale * base - bias)) + 2 * (unit * error) ≤ 2 * (unit * one * above)) :
    acc * scale - y ≤ below ∧ y - acc * scale ≤ above := by
  have um0 : 0 < unit * one := Int.mul_pos u0 one0
  have b3 := Int.mul_le_mul_of_nonneg_left b1 den0
  have b4 := Int.mul_le_mul_of_nonneg_left b2 den0
  have e1 : den * (2 * dif) = 2 * (den * dif) := by ac_rfl
  have e2 : den * -(2 * dif) = -(2 * (den * dif)) := by rw [Int.mul_neg, e1]
  have e3 : den * (limit * high) = limit * (den * high) := by ac_rfl
  have e4 : den * (limit * low) = limit * (den * low) := by ac_rfl
  rw [e1, e3, diff] at b3
  rw [e2, e4, diff] at b4
  have m1 := Int.mul_le_mul_of_nonneg_left c.1 (Int.le_of_lt u0)
  have m2 := Int.mul_le_mul_of_nonneg_left c.2 (Int.le_of_lt u0)
  have d : unit * one * (acc * scale - y) = unit * one * (scale * base - bias) + (unit * one * scale * t - unit * s) -
      unit * (one * y - (one * bias + s)) := by
    have f1 : unit * (one * y - (one * bias + s)) = unit * one * y - unit * one * bias - unit * s := by
      rw [Int.mul_sub, Int.mul_add, Int.mul_assoc, Int.mul_assoc]
      omega
    have f2 : acc * scale = scale * base + scale * t := by rw [hacc, Int.mul_comm, Int.mul_add]
    rw [f1, f2, Int.mul_sub, Int.mul_sub, Int.mul_add, Int.mul_assoc (unit * one) scale t]
    omega
  rw [Int.mul_neg] at m1
  generalize unit * (one * y - (one * bias + s)) = g1 at *
  generalize unit * one * scale * t - unit * s = g2 at *
  generalize unit * one * (scale * base - bias) = g3 at *
  refine ⟨?_, ?_⟩
  · have : unit * one * (acc * scale - y) ≤ unit * one * below := by rw [d]; omega
    exact Int.le_of_mul_le_mul_left this um0
  · have n : y - acc * scale = -(acc * scale - y) := by omega
    have : unit * one * (y - acc * scale) ≤ unit * one * above := by rw [n, Int.mul_neg, d]; omega
    exact Int.le_of_mul_le_mul_left this um0

/-- An accumulator below a limit. -/
theorem acc_within {scale r base t last limit : Int} (s0 : 0 < scale) (r0 : 0 < r) (b : 2 * (scale * r * t) ≤ scale * limit)
    (l : limit + 1 ≤ 2 * (r * (last + 1 - base))) : base + t ≤ last := by
  have e : 2 * (scale * r * t) = scale * (2 * (r * t)) := by ac_rfl
  rw [e] at b
  have c := Int.le_of_mul_le_mul_left b s0
  have lt : r * t < r * (last + 1 - base) := by omega
  have := Int.lt_of_mul_lt_mul_left lt (Int.le_of_lt r0)
  omega

/-- Columns with other limits are those of the output with other limits. -/
theorem Columns.outOk_limits {c : Columns} {p : Pairing} {k : Nat} {o : OutColumns} {out : Output} (h : c.outOk p k o out = true)
    (l : Limits) : c.outOk p k (l.columns o) (l.output o out) = true := by
  unfold Columns.outOk at h ⊢
  have join : ∀ {b : Bool} {bs : List Bool}, b = true → TinyVerify.all (fun b => b) bs = true →
      TinyVerify.all (fun b => b) (b :: bs) = true := by
    intro b bs hb hbs
    show (b && TinyVerify.all (fun b => b) bs) = true
    rw [hb, hbs]
    rfl
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
  have h12 := all_cons h11.2
  have h13 := all_cons h12.2
  have h14 := all_cons h13.2
  have h15 := all_cons h14.2
  have h16 := all_cons h15.2
  have h17 := all_cons h16.2
  have h18 := all_cons h17.2
  have high := le_of_leqInt h17.1
  have low := le_of_leqInt h18.1
  refine join h1.1 (join h2.1 (join h3.1 (join h4.1 (join h5.1 (join h6.1 (join h7.1 (join h8.1 (join h9.1 (join h10.1 (join h11.1
    (join h12.1 (join h13.1 (join h14.1 (join h15.1 (join h16.1 (join ?_ (join ?_ h18.2)))))))))))))))))
  · refine decide_eq_true ?_
    show (l.high : Int) - l.less + _ ≤ l.high - l.less + (out.high - (o.high - o.less))
    omega
  · refine decide_eq_true ?_
    show (l.low : Int) - l.more + _ ≤ l.low - l.more + (out.low - (o.low - o.more))
    omega

namespace ActionJudge

/-- On a leaf that passes its check the actions are close. -/
theorem close {j : ActionJudge} {net : Network} {input : List Feature} {head : Head} {scale : Nat} {f : FloatNetwork}
    {bound tolerance : Int} {box : List Interval} (hbands : j.bandsOk net input f box = true)
    (htable : j.tableOk head scale bound tolerance = true) (hcol : j.columnsOk = true) {bits : List Nat}
    (hfin : ∀ b ∈ bits, f32Exponent b < 255) (hx : InBox box (f32Values bits)) {c : Cell}
    (hc : c.Holds j.plan.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits))) {halves : List Half}
    (htest : j.test halves c = true) : ActsWithin net input head scale f bound tolerance bits := by
  intro y hy action haction
  cases head with
  | discrete _ => exact absurd htable (by intro h; exact Bool.noConfusion h)
  | continuous g =>
  have t := and_split htable
  have t1 := and_split t.1
  have t2 := and_split t1.2
  cases halves with
  | nil => exact absurd htest (by intro h; exact Bool.noConfusion h)
  | cons a as =>
  cases as with
  | cons _ _ => exact absurd htest (by intro h; exact Bool.noConfusion h)
  | nil =>
  have ht := and_split htest
  have hb := and_split hbands
  have hb2 := and_split hb.2
  rcases hy with ⟨hs, hhid, hlast⟩
  rcases (Plan.framesOk_root hb.1).2.2.2 hfin hx hs hhid with ⟨l, fr⟩
  have here := fr.here hc
  have holds : j.columns.Holds j.plan.pairing := (Columns.holds_of_ok hcol).1
  rcases packed_of_withUnits holds ht.2 with ⟨_, xl, xh, slope, lifted, above, apart, live, over, packed, run⟩
  have mean := hb2.2
  rw [fr.hidden] at mean
  have observed := fr.observed
  rw [fr.run]
  generalize requantizeAll net.mode l l.scales (evalRows l.dense (ObjectCode.quantizeAll input bits) l.dense.rows) = cs at *
  cases hrows : net.last.rows with
  | nil => rw [hrows] at mean; exact absurd mean (by intro h; exact Bool.noConfusion h)
  | cons row rows =>
  cases hfl : f.last with
  | nil => rw [hrows, hfl] at mean; exact absurd mean (by intro h; exact Bool.noConfusion h)
  | cons r rs =>
  cases y with
  | nil => rw [hfl] at hlast; exact hlast.elim
  | cons y ys =>
  rw [hrows, hfl] at mean
  rw [hfl] at hlast
  have hya : r.Computes (positive hs) y := hlast.1
  have band := all_spec hb2.1 _ (entry_mem noBand (show a.action < j.bands.length from Nat.le_of_ble_eq_true ht.1))
  generalize entry noBand j.bands a.action = b at *
  unfold bandOk at band
  have b1 := all_cons band
  have b2 := all_cons b1.2
  have b3 := all_cons b2.2
  have b4 := all_cons b3.2
  have b5 := all_cons b4.2
  have b6 := all_cons b5.2
  have mean : j.meanOk box l f.hidden net.last row r = true := mean
  unfold meanOk at mean
  have h1 := all_cons mean
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
  have h12 := all_cons h11.2
  have h13 := all_cons h12.2
  have h14 := all_cons h13.2
  have h15 := all_cons h14.2
  have h16 := all_cons h15.2
  have base : Plan.accBase l (net.last.weights row) row.bias = j.base := of_decide_eq_true h3.1
  have bias : r.bias = j.bias := of_decide_eq_true h4.1
  have step : j.plan.errorUnit j.errorOutput = j.step := of_decide_eq_true h5.1
  have matched : j.columns.outsMatch j.plan.pairing 0 [b.error.columns j.error, b.code.columns j.code]
      [b.error.output j.error j.errorOutput, b.code.output j.code j.codeOutput] = true := by
    show (_ && (_ && true)) = true
    rw [Columns.outOk_limits h1.1 b.error, Columns.outOk_limits h2.1 b.code]
    rfl
  have lim := and_split (packed.outs matched run)
  have lim0 := and_split lim.1
  have lim1 := and_split (and_split lim.2).1
  have s0 := here.scale_pos
  have e0 := Cell.error_bound here 0 observed
  have e1 := Cell.error_bound here 1 observed
  have u1 := Int.le_trans e0.1 (Int.mul_le_mul_of_nonneg_left (le_of_leqInt lim0.1) (Int.le_of_lt s0))
  have u2 := Int.le_trans e0.2 (Int.mul_le_mul_of_nonneg_left (le_of_leqInt lim0.2) (Int.le_of_lt s0))
  have u3 := Int.le_trans e1.1 (Int.mul_le_mul_of_nonneg_left (le_of_leqInt lim1.1) (Int.le_of_lt s0))
  have u4 := Int.le_trans e1.2 (Int.mul_le_mul_of_nonneg_left (le_of_leqInt lim1.2) (Int.le_of_lt s0))
  have one0 : 0 < f32One := by unfold f32One; exact two_pow_pos 149
  have a2 : 1 ≤ j.errorOutput.a2 := Nat.le_of_ble_eq_true h7.1
  have phi := fr.phi
  have rho := fr.rho
  have theta := fr.theta
  have step0 : 0 < j.step := by
    rw [← step]
    unfold Plan.errorUnit
    exact Int.mul_pos (Int.mul_pos (by omega) (by omega)) one0
  have accEq : accumulate row.bias (net.last.weights row) cs = j.base +
      (sum (products (net.last.weights row) cs) - l.zeroPoint * sum (net.last.weights row)) := by
    rw [← base]
    unfold accumulate Plan.accBase
    omega
  -- the mean
  have diff := difference_eq h6.1 observed
  have eu : (j.errorOutput.a2 : Int) * j.plan.phi * f32One = j.step := step
  rw [of_decide_eq_true h10.1, eu] at diff
  have close := Plan.sum_close h12.1 (Plan.length_values h6.1) (le_of_leqInt h11.1) fr.reached hya
  rw [bias] at close
  have near := mean_close (show (0 : Int) ≤ j.errorOutput.den by omega) step0 one0 accEq diff close u1 u2 (le_of_leqInt b3.1)
    (le_of_leqInt b4.1)
  -- the accumulator
  have one : ((1 : Nat) : Int) = 1 := rfl
  have zero : ((0 : Nat) : Int) = 0 := rfl
  have diff1 := difference_eq h16.1 observed
  rw [of_decide_eq_true h13.1, Nat.eq_of_beq_eq_true h14.1, Nat.eq_of_beq_eq_true h15.1, one, zero, Int.one_mul, Int.one_mul, Int.one_mul,
    Int.zero_mul, Int.zero_mul, Int.zero_mul, Int.sub_zero] at diff1
  rw [diff1] at u3 u4
  have r0 : (0 : Int) < j.plan.pairing.rho * j.plan.theta := Int.mul_pos (by omega) (by omega)
  have last := acc_within s0 r0 u3 (le_of_leqInt b5.1)
  have neg : -(2 * (j.plan.scale * (↑j.plan.pairing.rho * ↑j.plan.theta) *
      (sum (products (net.last.weights row) cs) - l.zeroPoint * sum (net.last.weights row)))) =
      2 * (j.plan.scale * (↑j.plan.pairing.rho * ↑j.plan.theta) *
      -(sum (products (net.last.weights row) cs) - l.zeroPoint * sum (net.last.weights row))) := by
    rw [Int.mul_neg, Int.mul_neg]
  rw [neg] at u4
  have first := acc_within (base := -j.base) (last := -accAt b.first) s0 r0 u4 (by
    have e : -accAt b.first + 1 - -j.base = j.base - accAt b.first + 1 := by omega
    rw [e]
    exact le_of_leqInt b6.1)
  rcases row_of_covers b1.1 (acc := accumulate row.bias (net.last.weights row) cs) (by omega) (by omega) with ⟨m, hm, hm1, hm2⟩
  have ok := all_spec t.2 m (List.mem_of_mem_drop (List.mem_of_mem_take hm))
  exact MeanCode.close (y := y) ok (of_decide_eq_true t2.2) (le_of_leqInt t2.1) (le_of_leqInt t1.1) (le_of_leqInt h9.1)
    (all_spec b2.1 m hm) hm1 hm2 near.1 near.2 haction

end ActionJudge

/-- A certificate: a plan, its columns, a table, bands, and a tree of cuts whose leaves pass. -/
theorem WithinOn.of_ok {net : Network} {input : List Feature} {head : Head} {scale : Nat} {f : FloatNetwork} {bound tolerance : Int}
    {box : List Interval} {j : ActionJudge} {t : Regions} {cells whole : Nat} (bands : j.bandsOk net input f box = true)
    (table : j.tableOk head scale bound tolerance = true) (columns : j.columnsOk = true)
    (leaves : t.all j.test j.plan.root.lo j.plan.root.hi = true)
    (count : Nat.ble cells (t.cells j.plan.root.lo j.plan.root.hi) = true)
    (size : Nat.beq (cellsIn j.plan.root.lo j.plan.root.hi) whole = true) :
    WithinOn net input head scale f bound tolerance box j.plan.root cells whole := by
  refine HoldsOn.of_leaves (and_split bands).1 ?_ leaves count size
  intro bits hfin hx c hc halves htest a _ _
  exact ActionJudge.close bands table columns hfin hx hc htest

end TinyVerify
