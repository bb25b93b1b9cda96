import TinyVerify.Agreement.Bound
import TinyVerify.Agreement.Sides
import TinyVerify.Certified.FastThm
/-!
# The check of a leaf is right

Main results: `spread_eq` (the affine part on a box), `PairColumns.bounds` (where a half's action is one of a pair, twice the
pair's differences are within the plan's limits on the half).
-/
namespace TinyVerify

theorem turned_eq (down : Bool) (s l : Nat) : turned down s l = sign down * ((s : Int) - l) := by
  cases down with
  | false =>
    show Int.subNatNat s l = 1 * ((s : Int) - l)
    rw [Int.subNatNat_eq_coe]
    omega
  | true =>
    show Int.subNatNat l s = -1 * ((s : Int) - l)
    rw [Int.subNatNat_eq_coe]
    omega

theorem upNat_eq (z : Int) (l h : Nat) : upNat z l h = up z l h := by
  cases z with
  | ofNat z =>
    have e := (up_pos (c := Int.ofNat z) (lo := l) (hi := h) (Int.natCast_nonneg z)).1
    rw [e]
    exact Int.natCast_mul z h
  | negSucc z =>
    have e := (up_pos (c := ((z + 1 : Nat) : Int)) (lo := l) (hi := h) (Int.natCast_nonneg _)).2
    have n : Int.negSucc z = -((z + 1 : Nat) : Int) := rfl
    rw [n, e, ← Int.natCast_mul]
    show Int.negOfNat ((z + 1) * l) = _
    rw [Int.negOfNat_eq_subNatNat_zero, Int.subNatNat_eq_coe]
    omega

theorem spread_eq (down : Bool) (lifted nu : Nat) {ss : List Nat} {as : List Int} {ls hs : List Nat} {acc : Int}
    (hl : ls.length = ss.length) (hh : hs.length = ss.length) :
    spread down lifted nu ss as ls hs acc = acc + sumTo (fun i => up (sign down * (((entry 0 ss i : Nat) : Int) - lifted) + nu * nth as i)
      ((entry 0 ls i : Nat) : Int) ((entry 0 hs i : Nat) : Int)) ss.length := by
  induction ss generalizing as ls hs acc with
  | nil =>
    show spread down lifted nu [] as ls hs acc = acc + 0
    have e : spread down lifted nu [] as ls hs acc = acc := by cases as <;> rfl
    rw [e]
    omega
  | cons s ss ih => cases ls with
    | nil => exact absurd hl (by intro h; exact Nat.noConfusion h)
    | cons l ls => cases hs with
      | nil => exact absurd hh (by intro h; exact Nat.noConfusion h)
      | cons m ms =>
        have len : (s :: ss).length = ss.length + 1 := rfl
        rw [len, sumTo_front]
        cases as with
        | nil =>
          have i := ih (as := []) (acc := acc + upNat (turned down s lifted) l m) (Nat.succ.inj hl) (Nat.succ.inj hh)
          show spread down lifted nu ss [] ls ms (acc + upNat (turned down s lifted) l m) = _
          rw [i, upNat_eq, turned_eq]
          have z : up (sign down * (((entry 0 (s :: ss) 0 : Nat) : Int) - lifted) + nu * nth [] 0) ((entry 0 (l :: ls) 0 : Nat) : Int)
              ((entry 0 (m :: ms) 0 : Nat) : Int) = up (sign down * ((s : Int) - lifted)) l m := by
            show up (sign down * ((s : Int) - lifted) + nu * 0) l m = _
            rw [Int.mul_zero, Int.add_zero]
          rw [z]
          have rest : ∀ i, nth ([] : List Int) (i + 1) = nth [] i := fun i => rfl
          show acc + _ + sumTo (fun i => up (sign down * (((entry 0 ss i : Nat) : Int) - lifted) + nu * nth [] i) _ _) _ = _
          rw [Int.add_assoc]
          rfl
        | cons a as =>
          have i := ih (as := as) (acc := acc + upNat (turned down s lifted + nu * a) l m) (Nat.succ.inj hl) (Nat.succ.inj hh)
          show spread down lifted nu ss as ls ms (acc + upNat (turned down s lifted + nu * a) l m) = _
          rw [i, upNat_eq, turned_eq, Int.add_assoc]
          rfl

theorem withDots_spec {c : Columns} {p : Nat} {qs : List Nat} {g : List Nat → Bool} (h : c.withDots p qs g = true) :
    ∃ ss : List Nat, g ss = true ∧ ss.length = qs.length ∧ ∀ i, i < qs.length → entry 0 ss i = c.dot p (entry 0 qs i) := by
  induction qs generalizing g with
  | nil => exact ⟨[], h, rfl, fun i hi => absurd hi (Nat.not_lt_zero i)⟩
  | cons q qs ih =>
    unfold Columns.withDots at h
    rw [withNat_eq] at h
    rcases ih h with ⟨ss, hg, hl, each⟩
    refine ⟨c.dot p q :: ss, hg, congrArg (· + 1) hl, ?_⟩
    intro i hi
    cases i with
    | zero => rfl
    | succ i => exact each i (Nat.lt_of_succ_lt_succ hi)

theorem nth_scaled {axes : List Axis} {c : List Int} {i : Nat} (hi : i < axes.length) :
    nth (scaled axes c) i = nth c i * (entry ⟨1, 0, 0⟩ axes i).inv := by
  induction axes generalizing c i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons a as ih => cases c with
    | nil =>
      show nth [] i = nth [] i * _
      have z : nth ([] : List Int) i = 0 := by cases i <;> rfl
      rw [z, Int.zero_mul]
    | cons c cs => cases i with
      | zero => rfl
      | succ i => exact ih (Nat.lt_of_succ_lt_succ hi)

theorem moved_eq (axes : List Axis) (c : List Int) : moved axes c =
    sumTo (fun i => up (-nth c i) (entry ⟨1, 0, 0⟩ axes i : Axis).low ((entry ⟨1, 0, 0⟩ axes i : Axis).low +
      2 * (entry ⟨1, 0, 0⟩ axes i : Axis).err)) axes.length := by
  induction axes generalizing c with
  | nil => cases c <;> rfl
  | cons a as ih =>
    have len : (a :: as).length = as.length + 1 := rfl
    rw [len, sumTo_front]
    cases c with
    | nil =>
      have i := ih []
      have e : moved as [] = 0 := by cases as <;> rfl
      rw [e] at i
      show (0 : Int) = up (-0) _ _ + sumTo (fun i => up (-nth [] i) _ _) _
      have z : up (-0) (a.low : Int) (a.low + 2 * a.err) = 0 := by
        show max (-0 : Int) 0 * _ - max (- -0 : Int) 0 * _ = 0
        have m : max (-0 : Int) 0 = 0 := by omega
        have m2 : max (- -0 : Int) 0 = 0 := by omega
        rw [m, m2, Int.zero_mul, Int.zero_mul]
        rfl
      have i' : (0 : Int) = sumTo (fun i => up (-nth [] (i + 1)) (entry ⟨1, 0, 0⟩ (a :: as) (i + 1) : Axis).low
        ((entry ⟨1, 0, 0⟩ (a :: as) (i + 1) : Axis).low + 2 * (entry ⟨1, 0, 0⟩ (a :: as) (i + 1) : Axis).err)) as.length := i
      show (0 : Int) = up (-0) (a.low : Int) (a.low + 2 * a.err) + _
      rw [z]
      exact i'.trans (Int.zero_add _).symm
    | cons c cs =>
      show up (-c) _ _ + moved as cs = _
      rw [ih cs]
      rfl

namespace PairColumns

variable {c : Columns} {p : Plan} {cell : Cell} {xl xh : List Nat} {slope lifted t d live over : Nat} {q : PairColumns}

/-- What holds for every half whose action is one of the pair. -/
theorem half_of_halvesOk {lo hi codes floats : List Nat} {r lifted codeBase floatBase above higher codeRest : Nat} {pairing : Pairing}
    {halves : List Half} (h : q.halvesOk c pairing r lo hi xl xh codes floats lifted codeBase floatBase above higher codeRest halves = true)
    {a : Half} (ha : a ∈ halves) (hc : q.concerns a = true) : q.below c pairing lo hi xl xh codes floats lifted codeBase floatBase above
      higher codeRest a (entry (0, 0) a.multipliers r) (Nat.beq a.action q.second) = true := by
  induction halves with
  | nil => cases ha
  | cons b bs ih =>
    have h' := and_split h
    cases ha with
    | head =>
      have e := h'.1
      rw [hc] at e
      exact e
    | tail _ hm => exact ih h'.2 hm

/-- Twice the differences of a pair, where a half names one of it. -/
theorem bounds (h : Packed c p.pairing cell xl xh slope lifted t d live over) (lens : cell.lo.length = p.pairing.dim ∧ cell.hi.length = p.pairing.dim)
    {i j k r : Nat} (hold : q.holds c p i j k = true) {halves : List Half}
    (hok : q.ok c p.pairing r cell.lo cell.hi xl xh slope lifted t d live over halves = true) {a : Half} (ha : a ∈ halves) {down : Bool}
    (hact : a.action = cond down j i) (hij : i < j)
    (fit : (p.pairing.units.length : Int) * ((c.tMax + 2 * c.dMax) * c.changeMax) < c.base)
    (hv : ∀ u ∈ p.pairing.units, nth u.v k = 0) (hs : ∀ u ∈ p.pairing.units, nth u.s (k + 1) = 0)
    {scale fine coarse : Int} {n x e : Nat → Int} (hp : At p.pairing cell scale fine coarse n x e) {as bs : List Int}
    (ho : Observed p.pairing scale fine n x p.pairing.units as bs) (side : a.limit ≤ sumTo (fun i => nth a.c i * n i) p.pairing.dim) :
    sign down * (2 * difference k p.pairing.units as bs) ≤
        scale * cond down (entry noOutput p.outputs k).low (entry noOutput p.outputs k).high ∧
      sign down * (2 * difference (k + 1) p.pairing.units as bs) ≤
        scale * cond down (entry noOutput p.outputs (k + 1)).low (entry noOutput p.outputs (k + 1)).high := by
  unfold holds at hold
  have h1 := all_cons hold
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
  have h19 := all_cons h18.2
  have h20 := all_cons h19.2
  have h21 := all_cons h20.2
  have h22 := all_cons h21.2
  have h23 := all_cons h22.2
  have h24 := all_cons h23.2
  have h25 := all_cons h24.2
  have h26 := all_cons h25.2
  have h27 := all_cons h26.2
  have h28 := all_cons h27.2
  have first := Nat.eq_of_beq_eq_true h1.1
  have second := Nat.eq_of_beq_eq_true h2.1
  have lc := Nat.eq_of_beq_eq_true h3.1
  have lf := Nat.eq_of_beq_eq_true h4.1
  -- the half's action is one of the pair
  have turn : Nat.beq a.action q.second = down := by
    rw [second, hact]
    cases down with
    | true => exact Nat.beq_refl j
    | false =>
      cases e : Nat.beq i j with
      | true => have := Nat.eq_of_beq_eq_true e; omega
      | false => exact e
  have mine : q.concerns a = true := by
    unfold concerns
    rw [turn]
    cases down with
    | true => exact Bool.or_true _
    | false =>
      rw [first, hact]
      show (Nat.beq i i || false) = true
      rw [Bool.or_false]
      exact Nat.beq_refl i
  have nobody : all (fun h => !q.concerns h) halves = false := by
    cases e : all (fun h => !q.concerns h) halves with
    | false => rfl
    | true =>
      have := all_spec e a ha
      rw [mine] at this
      exact Bool.noConfusion this
  unfold ok at hok
  rw [nobody, Bool.false_or] at hok
  rcases withDots_spec hok with ⟨codes, hok, codesLen, codesEach⟩
  rw [withNat_eq, withNat_eq] at hok
  rcases withDots_spec hok with ⟨floats, hok, floatsLen, floatsEach⟩
  rw [withNat_eq, withNat_eq] at hok
  have both := half_of_halvesOk hok ha mine
  rw [turn] at both
  generalize entry (0, 0) a.multipliers r = nu at both
  have b := and_split both
  have code := le_of_leqInt b.1
  have float := le_of_leqInt b.2
  -- sums over the units
  have lifting : ∀ f : Neuron → Int, sumOver (fun u => cell.slope p.pairing u * (f u + c.lift)) p.pairing.units =
      sumOver (fun u => cell.slope p.pairing u * f u) p.pairing.units + lifted := by
    intro f
    rw [h.lifted_eq, ← sumOver_mul, ← sumOver_add]
    apply sumOver_congr
    intro u
    rw [Int.mul_add, Int.mul_comm (c.lift : Int)]
  have eCode : ∀ i, i < p.pairing.dim → ((entry 0 codes i : Nat) : Int) - lifted = cell.eSlope p.pairing k i := by
    intro i hi
    have e := holdsAllReversed_at h5.1 (show i < q.code.length by omega)
    rw [Nat.zero_add] at e
    rw [codesEach i (by omega), h.dot h.slope_range (bounded_spec (allBelow_spec h7.1 i hi)) h.fit_slope h.slope_eq e, lifting]
    show cell.eSlope p.pairing k i + lifted - lifted = _
    omega
  have eFloat : ∀ i, i < p.pairing.dim → ((entry 0 floats i : Nat) : Int) - lifted = cell.xSlope p.pairing (k + 1) i := by
    intro i hi
    have e := holdsAllReversed_at h6.1 (show i < q.float.length by omega)
    rw [Nat.zero_add] at e
    rw [floatsEach i (by omega), h.dot h.slope_range (bounded_spec (allBelow_spec h8.1 i hi)) h.fit_slope h.slope_eq e, lifting]
    show cell.xSlope p.pairing (k + 1) i + lifted - lifted = _
    omega
  have codeBase : ((c.dot slope q.codeBase : Nat) : Int) - lifted = cell.codeBase p.pairing k := by
    rw [h.dot h.slope_range (bounded_spec h10.1) h.fit_slope h.slope_eq (reversed_of_holds h9.1), lifting]
    show cell.codeBase p.pairing k + lifted - lifted = _
    omega
  have floatBase : ((c.dot slope q.floatBase : Nat) : Int) - lifted = cell.constant p.pairing (k + 1) := by
    rw [h.dot h.slope_range (bounded_spec h12.1) h.fit_slope h.slope_eq (reversed_of_holds h11.1), lifting]
    show cell.constant p.pairing (k + 1) + lifted - lifted = _
    omega
  have change : ∀ {turn : Int} {m col : Nat}, Columns.holdsReversed (c.base : Int) p.pairing.units col (fun u => max (turn * (nth u.s m - nth u.v m)) 0) = true →
      Columns.bounded p.pairing.units (fun u => max (turn * (nth u.s m - nth u.v m)) 0) c.changeMax = true →
      ((c.dot t col : Nat) : Int) = sumOver (fun u => cell.above p.pairing u * max (turn * (nth u.s m - nth u.v m)) 0) p.pairing.units := by
    intro turn m col hold most
    exact h.dot h.t_range (bounded_spec most) h.fit_t h.t_eq (reversed_of_holds hold)
  have r3 := h.dot h.live_range (bounded_spec h22.1) h.fit_live h.live_eq (reversed_of_holds h21.1)
  have r4 := h.dot h.over_range (bounded_spec h24.1) h.fit_over h.over_eq (reversed_of_holds h23.1)
  have codeRest : (((c.dot t (cond down q.codeDown q.codeUp)) + (c.dot live q.codeRound + c.dot over q.codeTwice) : Nat) : Int) =
      cell.residual p.pairing k (sign down) := by
    unfold Cell.residual
    have z1 : sumOver (fun u => cell.apart p.pairing u * ((nth u.v k).natAbs : Int)) p.pairing.units = 0 :=
      sumOver_nil (fun u hu => by rw [hv u hu]; exact Int.mul_zero _)
    have z2 : sumOver (fun u => 2 * ((nth u.v k).natAbs * u.floating)) p.pairing.units = 0 :=
      sumOver_nil (fun u hu => by rw [hv u hu]; show 2 * (0 * u.floating) = 0; rw [Int.zero_mul]; rfl)
    rw [z1, z2, Int.natCast_add, Int.natCast_add, r3, r4]
    cases down with
    | true =>
      have e := change h15.1 h16.1
      show ((c.dot t q.codeDown : Nat) : Int) + _ = sumOver (fun u => cell.above p.pairing u * max (-1 * (nth u.s k - nth u.v k)) 0) p.pairing.units + 0 + _ + _ + 0
      omega
    | false =>
      have e := change h13.1 h14.1
      show ((c.dot t q.codeUp : Nat) : Int) + _ = sumOver (fun u => cell.above p.pairing u * max (1 * (nth u.s k - nth u.v k)) 0) p.pairing.units + 0 + _ + _ + 0
      omega
  have higher : ((t + d : Nat) : Int) = lanes (c.base : Int) (fun u => cell.above p.pairing u + cell.apart p.pairing u) p.pairing.units := by
    rw [Int.natCast_add, h.t_eq, h.d_eq, ← lanes_add]
  have higherRange : ∀ u ∈ p.pairing.units, 0 ≤ cell.above p.pairing u + cell.apart p.pairing u ∧
      cell.above p.pairing u + cell.apart p.pairing u ≤ (c.tMax : Int) + 2 * c.dMax := by
    intro u hu
    have := h.t_range u hu
    have := h.d_range u hu
    omega
  have floatRest : ((c.dot (t + d) (cond down q.floatDown q.floatUp) : Nat) : Int) +
      sumOver (fun u => 2 * ((nth u.v (k + 1)).natAbs * u.floating)) p.pairing.units = cell.floatRest p.pairing (k + 1) down := by
    unfold Cell.floatRest
    congr 1
    cases down with
    | true => exact h.dot higherRange (bounded_spec h20.1) fit higher (reversed_of_holds h19.1)
    | false => exact h.dot higherRange (bounded_spec h18.1) fit higher (reversed_of_holds h17.1)
  have s0 := Int.le_of_lt hp.scale_pos
  refine ⟨?_, ?_⟩
  · refine Int.le_trans (hp.code_side k down ho hv nu.1 side) (Int.mul_le_mul_of_nonneg_left ?_ s0)
    rw [codeRest, spread_eq down lifted nu.1 (by omega) (by omega), turned_eq, codeBase] at code
    rw [show codes.length = p.pairing.dim by omega] at code
    have s1 : sumTo (fun i => up (sign down * (((entry 0 codes i : Nat) : Int) - lifted) + nu.1 * nth a.c i)
        ((entry 0 cell.lo i : Nat) : Int) ((entry 0 cell.hi i : Nat) : Int)) p.pairing.dim =
        sumTo (fun i => up (sign down * cell.eSlope p.pairing k i + nu.1 * nth a.c i) (cell.low i) (cell.high i)) p.pairing.dim :=
      sumTo_congr p.pairing.dim (fun i hi => by rw [eCode i hi]; rfl)
    rw [s1] at code
    cases down with
    | true => exact Int.le_trans code (le_of_leqInt h26.1)
    | false => exact Int.le_trans code (le_of_leqInt h25.1)
  · refine Int.le_trans (hp.float_side (k + 1) down ho hs nu.2 side) (Int.mul_le_mul_of_nonneg_left ?_ s0)
    rw [spread_eq down lifted nu.2 (by rw [h.xlLength]; omega) (by rw [h.xhLength]; omega), turned_eq, floatBase, moved_eq] at float
    rw [show floats.length = p.pairing.dim by omega] at float
    have s1 : sumTo (fun i => up (sign down * (((entry 0 floats i : Nat) : Int) - lifted) + nu.2 * nth (scaled p.pairing.axes a.c) i)
        ((entry 0 xl i : Nat) : Int) ((entry 0 xh i : Nat) : Int)) p.pairing.dim =
        sumTo (fun i => up (sign down * cell.xSlope p.pairing (k + 1) i + nu.2 * (nth a.c i * (p.pairing.axis i).inv))
          (cell.xLow p.pairing i) (cell.xHigh p.pairing i)) p.pairing.dim :=
      sumTo_congr p.pairing.dim (fun i hi => by
        rw [eFloat i hi, h.xLow i hi, h.xHigh i hi, nth_scaled (show i < p.pairing.axes.length from hi)]
        rfl)
    have s2 : sumTo (fun i => up (-nth a.c i) (entry ⟨1, 0, 0⟩ p.pairing.axes i : Axis).low ((entry ⟨1, 0, 0⟩ p.pairing.axes i : Axis).low +
        2 * (entry ⟨1, 0, 0⟩ p.pairing.axes i : Axis).err)) p.pairing.axes.length =
        sumTo (fun i => up (-nth a.c i) (p.pairing.axis i).low ((p.pairing.axis i).low + 2 * (p.pairing.axis i).err)) p.pairing.dim := rfl
    rw [s1, s2] at float
    rw [← floatRest]
    cases down with
    | true =>
      have l := le_of_leqInt h28.1
      have f : _ ≤ q.floatLow := float
      show _ ≤ (entry noOutput p.outputs (k + 1)).low
      omega
    | false =>
      have l := le_of_leqInt h27.1
      have f : _ ≤ q.floatHigh := float
      show _ ≤ (entry noOutput p.outputs (k + 1)).high
      omega

end PairColumns

end TinyVerify
