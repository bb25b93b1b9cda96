import TinyVerify.Certified.FastSteps
/-!
# The fast check of a box is right

Main results: `cellOk_of_fastOk`, and `LogitsWithin.of_ok`, the theorem that a certificate instantiates.
-/
namespace TinyVerify

/-- What the packed numbers of a box hold. -/
structure Packed (c : Columns) (p : Pairing) (cell : Cell) (xl xh : List Nat) (slope lifted t d live over : Nat) : Prop where
  base : c.base = 2 ^ (c.bits + 1)
  shift : c.shift = (c.bits + 1) * (p.units.length - 1)
  units : 1 ≤ p.units.length
  xlLength : xl.length = p.dim
  xhLength : xh.length = p.dim
  xLow : ∀ i, i < p.dim → ((entry 0 xl i : Nat) : Int) = cell.xLow p i
  xHigh : ∀ i, i < p.dim → ((entry 0 xh i : Nat) : Int) = cell.xHigh p i
  slope_eq : (slope : Int) = lanes (c.base : Int) (cell.slope p) p.units
  slope_range : ∀ u ∈ p.units, 0 ≤ cell.slope p u ∧ cell.slope p u ≤ 2
  lifted_eq : (lifted : Int) = c.lift * sumOver (cell.slope p) p.units
  t_eq : (t : Int) = lanes (c.base : Int) (cell.above p) p.units
  t_range : ∀ u ∈ p.units, 0 ≤ cell.above p u ∧ cell.above p u ≤ c.tMax
  d_eq : (d : Int) = lanes (c.base : Int) (cell.apart p) p.units
  d_range : ∀ u ∈ p.units, 0 ≤ cell.apart p u ∧ cell.apart p u ≤ 2 * c.dMax
  live_eq : (live : Int) = lanes (c.base : Int) (fun u => 1 - cell.off p u) p.units
  live_range : ∀ u ∈ p.units, 0 ≤ 1 - cell.off p u ∧ 1 - cell.off p u ≤ 1
  over_eq : (over : Int) = lanes (c.base : Int) (cell.excess p) p.units
  over_range : ∀ u ∈ p.units, 0 ≤ cell.excess p u ∧ cell.excess p u ≤ c.tMax
  fit_slope : (p.units.length : Int) * (2 * (2 * c.lift)) < c.base
  fit_t : (p.units.length : Int) * (c.tMax * c.changeMax) < c.base
  fit_d : (p.units.length : Int) * (2 * c.dMax * c.sizeMax) < c.base
  fit_live : (p.units.length : Int) * (1 * c.roundMax) < c.base
  fit_over : (p.units.length : Int) * (c.tMax * c.twiceMax) < c.base

theorem Packed.dot {c : Columns} {p : Pairing} {cell : Cell} {xl xh : List Nat} {slope lifted t d live over : Nat}
    (h : Packed c p cell xl xh slope lifted t d live over) {F G : Int} {f g : Neuron → Int} (hf : ∀ v ∈ p.units, 0 ≤ f v ∧ f v ≤ F)
    (hg : ∀ v ∈ p.units, 0 ≤ g v ∧ g v ≤ G) (hfit : (p.units.length : Int) * (F * G) < c.base) {a q : Nat}
    (ha : (a : Int) = lanes (c.base : Int) f p.units) (hq : (q : Int) = reversed (c.base : Int) g p.units) :
    ((c.dot a q : Nat) : Int) = sumOver (fun v => f v * g v) p.units := by
  unfold Columns.dot
  rw [h.base] at ha hq hfit ⊢
  rw [h.shift]
  exact dot_eq h.units hf hg hfit ha hq

theorem Packed.limits {c : Columns} {p : Pairing} {cell : Cell} {xl xh : List Nat} {slope lifted t d live over : Nat}
    (h : Packed c p cell xl xh slope lifted t d live over) {j : Nat} {o : OutColumns} {l : Output} (ho : c.outOk p j o l = true)
    {rest constant : Nat} (hr : rest = c.dot d o.size + c.dot live o.round + c.dot over o.twice)
    (hc : constant = c.dot slope o.c)
    (hs : sums c slope lifted o o.x o.e xl xh p.axes (constant + (rest + c.dot t o.changeUp) + o.less) lifted
      (lifted + (rest + c.dot t o.changeDown)) constant = true) :
    cell.errorHigh p j ≤ l.high ∧ cell.errorLow p j ≤ l.low := by
  unfold Columns.outOk at ho
  have h1 := all_cons ho
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
  have lx := Nat.eq_of_beq_eq_true h1.1
  have le := Nat.eq_of_beq_eq_true h2.1
  have lifting : ∀ f : Neuron → Int, sumOver (fun u => cell.slope p u * (f u + c.lift)) p.units =
      sumOver (fun u => cell.slope p u * f u) p.units + lifted := by
    intro f
    rw [h.lifted_eq, ← sumOver_mul, ← sumOver_add]
    apply sumOver_congr
    intro u
    rw [Int.mul_add, Int.mul_comm (c.lift : Int)]
  have ex : ∀ i, i < o.x.length → (c.dot slope (entry 0 o.x i) : Int) = cell.xSlope p j i + lifted := by
    intro i hi
    have e := holdsAllReversed_at h3.1 hi
    rw [Nat.zero_add] at e
    rw [h.dot h.slope_range (bounded_spec (allBelow_spec h10.1 i (by omega))) h.fit_slope h.slope_eq e, lifting]
    rfl
  have ee : ∀ i, i < o.x.length → (c.dot slope (entry 0 o.e i) : Int) = cell.eSlope p j i + lifted := by
    intro i hi
    have e := holdsAllReversed_at h4.1 (show i < o.e.length by omega)
    rw [Nat.zero_add] at e
    rw [h.dot h.slope_range (bounded_spec (allBelow_spec h11.1 i (by omega))) h.fit_slope h.slope_eq e, lifting]
    rfl
  have ec : (constant : Int) = cell.constant p j + lifted := by
    rw [hc, h.dot h.slope_range (bounded_spec h12.1) h.fit_slope h.slope_eq (reversed_of_holds h5.1), lifting]
    rfl
  have er : ∀ {turn : Int} {change : Nat}, Columns.holdsReversed (c.base : Int) p.units change (fun u => max (turn * (nth u.s j - nth u.v j)) 0) = true →
      Columns.bounded p.units (fun u => max (turn * (nth u.s j - nth u.v j)) 0) c.changeMax = true →
      (rest : Int) + c.dot t change + sumOver (fun u => 2 * ((nth u.v j).natAbs * u.floating)) p.units = cell.residual p j turn := by
    intro turn change hold most
    have r1 := h.dot h.t_range (bounded_spec most) h.fit_t h.t_eq (reversed_of_holds hold)
    have r2 := h.dot h.d_range (bounded_spec h14.1) h.fit_d h.d_eq (reversed_of_holds h7.1)
    have r3 := h.dot h.live_range (bounded_spec h15.1) h.fit_live h.live_eq (reversed_of_holds h8.1)
    have r4 := h.dot h.over_range (bounded_spec h16.1) h.fit_over h.over_eq (reversed_of_holds h9.1)
    unfold Cell.residual
    rw [hr, Int.natCast_add, Int.natCast_add, r1, r2, r3, r4]
    omega
  have spec := sums_spec hs ex ee
  rw [lx, sumTo_add, sumTo_add] at spec
  have s1 : sumTo (fun i => up (cell.xSlope p j i) ((entry 0 xl i : Nat) : Int) ((entry 0 xh i : Nat) : Int)) p.dim =
      sumTo (fun i => up (cell.xSlope p j i) (cell.xLow p i) (cell.xHigh p i)) p.dim :=
    sumTo_congr p.dim (fun i hi => by rw [h.xLow i hi, h.xHigh i hi])
  have s2 : sumTo (fun i => up (-cell.xSlope p j i) ((entry 0 xl i : Nat) : Int) ((entry 0 xh i : Nat) : Int)) p.dim =
      sumTo (fun i => up (-cell.xSlope p j i) (cell.xLow p i) (cell.xHigh p i)) p.dim :=
    sumTo_congr p.dim (fun i hi => by rw [h.xLow i hi, h.xHigh i hi])
  have s3 : sumTo (fun i => ((cell.eSlope p j i).natAbs : Int) * (entry ⟨1, 0, 0⟩ p.axes i : Axis).err) p.dim = cell.offsets p j := rfl
  rw [s1, s2, s3] at spec
  have l17 := le_of_leqInt h17.1
  have l18 := le_of_leqInt h18.1
  unfold Cell.errorHigh Cell.errorLow
  rw [← er h6.1 h13.1, ← er h19.1 h20.1]
  omega

theorem Packed.outs {c : Columns} {p : Plan} {cell : Cell} {xl xh : List Nat} {slope lifted t d live over : Nat}
    (h : Packed c p.pairing cell xl xh slope lifted t d live over) {j : Nat} {os : List OutColumns} {ls : List Output}
    (hm : c.outsMatch p.pairing j os ls = true) (ho : outsOk c p.pairing.axes xl xh slope lifted t d live over os = true) :
    p.cellOk cell j ls = true := by
  induction os generalizing j ls with
  | nil =>
    cases ls with
    | nil => rfl
    | cons _ _ => exact absurd hm (by intro h; exact Bool.noConfusion h)
  | cons o os ih =>
    cases ls with
    | nil => exact absurd hm (by intro h; exact Bool.noConfusion h)
    | cons l ls =>
      have hm' := and_split hm
      have ho' := and_split ho
      have rest := ih hm'.2 ho'.2
      have one := ho'.1
      rw [withNat_eq, withNat_eq] at one
      have lim := h.limits hm'.1 rfl rfl one
      have e1 : leqInt (cell.errorHigh p.pairing j) l.high = true := decide_eq_true lim.1
      have e2 : leqInt (cell.errorLow p.pairing j) l.low = true := decide_eq_true lim.2
      show ((leqInt (cell.errorHigh p.pairing j) l.high && leqInt (cell.errorLow p.pairing j) l.low) && p.cellOk cell (j + 1) ls) = true
      rw [e1, e2, rest]
      rfl

/-- The fast check of a box implies the plan's. -/
theorem cellOk_of_fastOk {c : Columns} {p : Plan} {cell : Cell} (hc : c.ok p = true) (h : fastOk c p.pairing cell = true) :
    p.cellOk cell 0 p.outputs = true := by
  unfold Columns.ok at hc
  have c1 := all_cons hc
  have c2 := all_cons c1.2
  have c3 := all_cons c2.2
  have c4 := all_cons c3.2
  have c5 := all_cons c4.2
  have c6 := all_cons c5.2
  have c7 := all_cons c6.2
  have c8 := all_cons c7.2
  have c9 := all_cons c8.2
  have c10 := all_cons c9.2
  have c11 := all_cons c10.2
  have c12 := all_cons c11.2
  have c13 := all_cons c12.2
  have c14 := all_cons c13.2
  have c15 := all_cons c14.2
  have c16 := all_cons c15.2
  have c17 := all_cons c16.2
  have c18 := all_cons c17.2
  have c19 := all_cons c18.2
  have c20 := all_cons c19.2
  have c21 := all_cons c20.2
  have c22 := all_cons c21.2
  have c23 := all_cons c22.2
  have c24 := all_cons c23.2
  have c25 := all_cons c24.2
  have c26 := all_cons c25.2
  have c27 := all_cons c26.2
  have c28 := all_cons c27.2
  have c29 := all_cons c28.2
  have c30 := all_cons c29.2
  have c31 := all_cons c30.2
  have c32 := all_cons c31.2
  have half : c.half = 2 ^ c.bits := Nat.eq_of_beq_eq_true c1.1
  have base : c.base = 2 ^ (c.bits + 1) := Nat.eq_of_beq_eq_true c2.1
  have hsplit := and_split h
  have box := boxOk_spec hsplit.1
  rcases withX_spec (show cell.lo.length = p.pairing.axes.length from box.1) (show cell.hi.length = p.pairing.axes.length from box.2.1) _ hsplit.2 with
    ⟨xl, xh, run, xlLen, xhLen, xEach⟩
  have xLow : ∀ i, i < p.pairing.dim → ((entry 0 xl i : Nat) : Int) = cell.xLow p.pairing i := by
    intro i hi
    rw [(xEach i hi).1]
    rfl
  have xHigh : ∀ i, i < p.pairing.dim → ((entry 0 xh i : Nat) : Int) = cell.xHigh p.pairing i := by
    intro i hi
    rw [(xEach i hi).2]
    rfl
  have xOrder : ∀ i, i < p.pairing.dim → 0 ≤ cell.xLow p.pairing i ∧ cell.xLow p.pairing i ≤ cell.xHigh p.pairing i ∧
      cell.xHigh p.pairing i ≤ p.pairing.xMost i := by
    intro i hi
    have b := box.2.2 i hi
    have m1 := Nat.mul_le_mul_left p.pairing.rho b.1
    have m2 := Nat.mul_le_mul_left p.pairing.rho b.2
    have d1 := Nat.div_le_div_right (c := (p.pairing.axis i).inv)
      (show p.pairing.rho * entry 0 cell.lo i + (p.pairing.axis i).low ≤
        p.pairing.rho * entry 0 cell.hi i + (p.pairing.axis i).low + 2 * (p.pairing.axis i).err by omega)
    have d2 := Nat.div_le_div_right (c := (p.pairing.axis i).inv)
      (show p.pairing.rho * entry 0 cell.hi i + (p.pairing.axis i).low + 2 * (p.pairing.axis i).err ≤
        p.pairing.rho * 510 + (p.pairing.axis i).low + 2 * (p.pairing.axis i).err by omega)
    unfold Cell.xLow Cell.xHigh Pairing.xMost
    generalize (p.pairing.rho * entry 0 cell.lo i + (p.pairing.axis i).low) / (p.pairing.axis i).inv = q1 at *
    generalize (p.pairing.rho * entry 0 cell.hi i + (p.pairing.axis i).low + 2 * (p.pairing.axis i).err) / (p.pairing.axis i).inv = q2 at *
    generalize (p.pairing.rho * 510 + (p.pairing.axis i).low + 2 * (p.pairing.axis i).err) / (p.pairing.axis i).inv = q3 at *
    omega
  -- ranges of every unit
  have tb := bounded_spec c21.1
  have db := bounded_spec c22.1
  have cap0 := le_of_leqInt c23.1
  have cap1 := le_of_leqInt c24.1
  have room := le_of_leqInt c25.1
  have tRange : ∀ u ∈ p.pairing.units, -(c.tMax : Int) ≤ cell.tHigh p.pairing u ∧ cell.tHigh p.pairing u ≤ c.tMax ∧
      -(c.tMax : Int) ≤ cell.tLow p.pairing u ∧ cell.tLow p.pairing u ≤ c.tMax ∧
      0 ≤ cell.tHigh p.pairing u + cell.tLow p.pairing u := by
    intro u hu
    have b := tb u hu
    have i1 := sumTo_abs (f := fun i => up (p.pairing.tCode u i) (cell.low i) (cell.high i))
      (g := fun i => ((p.pairing.tCode u i).natAbs : Int) * 510) p.pairing.dim (fun i hi => by
        have := box.2.2 i hi
        exact up_abs (by unfold Cell.low; omega) (by unfold Cell.low; omega) (by unfold Cell.high; omega) (by unfold Cell.high; omega))
    have i2 := sumTo_abs (f := fun i => up (-p.pairing.tCode u i) (cell.low i) (cell.high i))
      (g := fun i => ((p.pairing.tCode u i).natAbs : Int) * 510) p.pairing.dim (fun i hi => by
        have := box.2.2 i hi
        have a := up_abs (c := -p.pairing.tCode u i) (lo := cell.low i) (hi := cell.high i) (most := 510)
          (by unfold Cell.low; omega) (by unfold Cell.low; omega) (by unfold Cell.high; omega) (by unfold Cell.high; omega)
        rw [Int.natAbs_neg] at a
        exact a)
    have i3 := sumTo_nonneg (f := fun i => up (p.pairing.tCode u i) (cell.low i) (cell.high i) + up (-p.pairing.tCode u i) (cell.low i) (cell.high i))
      p.pairing.dim (fun i hi => by
        have := box.2.2 i hi
        exact up_both (by unfold Cell.low Cell.high; omega))
    rw [sumTo_add] at i3
    unfold Pairing.tBound at b
    unfold Cell.tHigh Cell.tLow
    omega
  have dRange : ∀ u ∈ p.pairing.units, -(c.dMax : Int) ≤ cell.dHigh p.pairing u ∧ cell.dHigh p.pairing u ≤ c.dMax ∧
      -(c.dMax : Int) ≤ cell.dLow p.pairing u ∧ cell.dLow p.pairing u ≤ c.dMax ∧
      0 ≤ cell.dHigh p.pairing u + cell.dLow p.pairing u := by
    intro u hu
    have b := db u hu
    have e0 : 0 ≤ p.pairing.dError u := sumTo_nonneg p.pairing.dim (fun i _ => Int.mul_nonneg (by omega) (by omega))
    have i1 := sumTo_abs (f := fun i => up (p.pairing.dSlope u i) (cell.xLow p.pairing i) (cell.xHigh p.pairing i))
      (g := fun i => ((p.pairing.dSlope u i).natAbs : Int) * p.pairing.xMost i) p.pairing.dim (fun i hi => by
        have := xOrder i hi
        exact up_abs (by omega) (by omega) (by omega) (by omega))
    have i2 := sumTo_abs (f := fun i => up (-p.pairing.dSlope u i) (cell.xLow p.pairing i) (cell.xHigh p.pairing i))
      (g := fun i => ((p.pairing.dSlope u i).natAbs : Int) * p.pairing.xMost i) p.pairing.dim (fun i hi => by
        have := xOrder i hi
        have a := up_abs (c := -p.pairing.dSlope u i) (lo := cell.xLow p.pairing i) (hi := cell.xHigh p.pairing i)
          (most := p.pairing.xMost i) (by omega) (by omega) (by omega) (by omega)
        rw [Int.natAbs_neg] at a
        exact a)
    have i3 := sumTo_nonneg (f := fun i => up (p.pairing.dSlope u i) (cell.xLow p.pairing i) (cell.xHigh p.pairing i) +
      up (-p.pairing.dSlope u i) (cell.xLow p.pairing i) (cell.xHigh p.pairing i)) p.pairing.dim (fun i hi => by
        have := xOrder i hi
        exact up_both (by omega))
    rw [sumTo_add] at i3
    unfold Pairing.dBound at b
    unfold Cell.dHigh Cell.dLow
    omega
  rw [half] at room
  have halves : (c.halves : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (fun _ => ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    have e : (c.halves : Int) = lanes (c.base : Int) (fun _ => (c.half : Int)) p.pairing.units := of_decide_eq_true c9.1
    rw [half, base] at e
    exact e
  have ones : (c.ones : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (fun _ => 1) p.pairing.units := by
    have e : (c.ones : Int) = lanes (c.base : Int) (fun _ => 1) p.pairing.units := of_decide_eq_true c10.1
    rw [base] at e
    exact e
  have capLanes : (c.cap : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (fun _ => p.pairing.cap) p.pairing.units := by
    have e : (c.cap : Int) = lanes (c.base : Int) (fun _ => p.pairing.cap) p.pairing.units := of_decide_eq_true c12.1
    rw [base] at e
    exact e
  have column : ∀ {f : Nat → Neuron → Int} {cs : List Nat}, Columns.holdsAll (c.base : Int) p.pairing.units f 0 cs = true →
      cs.length = p.pairing.dim → ∀ i, i < p.pairing.dim →
      ((entry 0 cs i : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (f i) p.pairing.units := by
    intro f cs hcs hl i hi
    have e := holdsAll_at hcs (show i < cs.length by omega)
    rw [Nat.zero_add, base] at e
    exact e
  have l5 := Nat.eq_of_beq_eq_true c5.1
  have l6 := Nat.eq_of_beq_eq_true c6.1
  have l7 := Nat.eq_of_beq_eq_true c7.1
  have l8 := Nat.eq_of_beq_eq_true c8.1
  have neg : ∀ z : Int, - -z = z := fun z => by omega
  have tHighEq := upper_lanes (us := p.pairing.units) (k := c.bits) (d := p.pairing.dim) (a0 := c.tHigh) (f0 := p.pairing.tBase)
    (coef := fun i u => p.pairing.tCode u i) (plus := c.tPlus) (minus := c.tMinus) (lo := cell.lo) (hi := cell.hi)
    (by have e := of_decide_eq_true c13.1; rw [half, base] at e; exact e) l5 l6 (column c17.1 l5) (column c18.1 l6)
    (fun u hu => by have := (tRange u hu).1; unfold Cell.tHigh Cell.low Cell.high at this; omega)
  have tLowEq := upper_lanes (us := p.pairing.units) (k := c.bits) (d := p.pairing.dim) (a0 := c.tLow) (f0 := fun u => -p.pairing.tBase u)
    (coef := fun i u => -p.pairing.tCode u i) (plus := c.tMinus) (minus := c.tPlus) (lo := cell.lo) (hi := cell.hi)
    (by have e := of_decide_eq_true c14.1; rw [half, base] at e; exact e) l6 l5 (column c18.1 l6)
    (fun i hi => by
      have e := column c17.1 l5 i hi
      rw [e]
      exact lanes_congr (fun u _ => by rw [neg]))
    (fun u hu => by have := (tRange u hu).2.2.1; unfold Cell.tLow Cell.low Cell.high at this; omega)
  have dHighEq := upper_lanes (us := p.pairing.units) (k := c.bits) (d := p.pairing.dim) (a0 := c.dHigh)
    (f0 := fun u => p.pairing.dBase u + p.pairing.dError u)
    (coef := fun i u => p.pairing.dSlope u i) (plus := c.dPlus) (minus := c.dMinus) (lo := xl) (hi := xh)
    (by have e := of_decide_eq_true c15.1; rw [half, base] at e; exact e) l7 l8 (column c19.1 l7) (column c20.1 l8)
    (fun u hu => by
      have := (dRange u hu).1
      unfold Cell.dHigh at this
      rw [sumTo_congr p.pairing.dim (g := fun i => up (p.pairing.dSlope u i) (cell.xLow p.pairing i) (cell.xHigh p.pairing i))
        (fun i hi => by rw [xLow i hi, xHigh i hi])]
      omega)
  have dLowEq := upper_lanes (us := p.pairing.units) (k := c.bits) (d := p.pairing.dim) (a0 := c.dLow)
    (f0 := fun u => -p.pairing.dBase u + p.pairing.dError u)
    (coef := fun i u => -p.pairing.dSlope u i) (plus := c.dMinus) (minus := c.dPlus) (lo := xl) (hi := xh)
    (by have e := of_decide_eq_true c16.1; rw [half, base] at e; exact e) l8 l7 (column c20.1 l8)
    (fun i hi => by
      have e := column c19.1 l7 i hi
      rw [e]
      exact lanes_congr (fun u _ => by rw [neg]))
    (fun u hu => by
      have := (dRange u hu).2.2.1
      unfold Cell.dLow at this
      rw [sumTo_congr p.pairing.dim (g := fun i => up (-p.pairing.dSlope u i) (cell.xLow p.pairing i) (cell.xHigh p.pairing i))
        (fun i hi => by rw [xLow i hi, xHigh i hi])]
      omega)
  have tHighEq : ((addUp c.tHigh c.tPlus cell.hi - addUp 0 c.tMinus cell.lo : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.tHigh p.pairing u + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := tHighEq
  have tLowEq : ((addUp c.tLow c.tMinus cell.hi - addUp 0 c.tPlus cell.lo : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.tLow p.pairing u + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := tLowEq
  have dHighEq : ((addUp c.dHigh c.dPlus xh - addUp 0 c.dMinus xl : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.dHigh p.pairing u + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    rw [dHighEq]
    apply lanes_congr
    intro u _
    unfold Cell.dHigh
    rw [sumTo_congr p.pairing.dim (g := fun i => up (p.pairing.dSlope u i) (cell.xLow p.pairing i) (cell.xHigh p.pairing i))
      (fun i hi => by rw [xLow i hi, xHigh i hi])]
  have dLowEq : ((addUp c.dLow c.dMinus xh - addUp 0 c.dPlus xl : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.dLow p.pairing u + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    rw [dLowEq]
    apply lanes_congr
    intro u _
    unfold Cell.dLow
    rw [sumTo_congr p.pairing.dim (g := fun i => up (-p.pairing.dSlope u i) (cell.xLow p.pairing i) (cell.xHigh p.pairing i))
      (fun i hi => by rw [xLow i hi, xHigh i hi])]
  rw [withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq,
    withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq] at run
  generalize addUp c.tHigh c.tPlus cell.hi - addUp 0 c.tMinus cell.lo = tHigh at *
  generalize addUp c.tLow c.tMinus cell.hi - addUp 0 c.tPlus cell.lo = tLow at *
  generalize addUp c.dHigh c.dPlus xh - addUp 0 c.dMinus xl = dHigh at *
  generalize addUp c.dLow c.dMinus xh - addUp 0 c.dPlus xl = dLow at *
  have tEq : ((c.larger tHigh tLow : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.tMost p.pairing u + ((2 ^ c.bits : Nat) : Int)) p.pairing.units :=
    larger_eq half (fun u hu => by have := tRange u hu; omega) tHighEq tLowEq halves
  have dEq : ((c.larger dHigh dLow : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.dMost p.pairing u + ((2 ^ c.bits : Nat) : Int)) p.pairing.units :=
    larger_eq half (fun u hu => by have := dRange u hu; omega) dHighEq dLowEq halves
  generalize c.larger tHigh tLow = t at *
  generalize c.larger dHigh dLow = d at *
  have tMost : ∀ u ∈ p.pairing.units, 0 ≤ cell.tMost p.pairing u ∧ cell.tMost p.pairing u ≤ c.tMax := by
    intro u hu
    have := tRange u hu
    unfold Cell.tMost
    omega
  have dMost : ∀ u ∈ p.pairing.units, 0 ≤ cell.dMost p.pairing u ∧ cell.dMost p.pairing u ≤ c.dMax := by
    intro u hu
    have := dRange u hu
    unfold Cell.dMost
    omega
  have b0 : (0 : Int) ≤ ((2 ^ (c.bits + 1) : Nat) : Int) := Int.natCast_nonneg _
  -- which units are on, and which off
  have onIn : ((3 * c.halves - (tLow + d) : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => -(cell.dMost p.pairing u + cell.tLow p.pairing u) + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    have e : 3 * (c.halves : Int) - (tLow + d) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
        (fun u => -(cell.dMost p.pairing u + cell.tLow p.pairing u) + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
      rw [halves, tLowEq, dEq, ← lanes_mul, ← lanes_add, ← lanes_sub]
      apply lanes_congr
      intro u _
      omega
    have n := lanes_nonneg b0 (f := fun u => -(cell.dMost p.pairing u + cell.tLow p.pairing u) + ((2 ^ c.bits : Nat) : Int))
      (us := p.pairing.units) (fun u hu => by have := dMost u hu; have := tRange u hu; omega)
    omega
  have onEq := topBits_eq (fun u hu => by have := dMost u hu; have := tRange u hu; omega) onIn halves
  have offIn : ((3 * c.halves - (tHigh + d + c.ones) : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => -(cell.tHigh p.pairing u + cell.dMost p.pairing u) - 1 + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    have e : 3 * (c.halves : Int) - (tHigh + d + c.ones) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
        (fun u => -(cell.tHigh p.pairing u + cell.dMost p.pairing u) - 1 + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
      rw [halves, tHighEq, dEq, ones, ← lanes_mul, ← lanes_add, ← lanes_add, ← lanes_sub]
      apply lanes_congr
      intro u _
      omega
    have n := lanes_nonneg b0 (f := fun u => -(cell.tHigh p.pairing u + cell.dMost p.pairing u) - 1 + ((2 ^ c.bits : Nat) : Int))
      (us := p.pairing.units) (fun u hu => by have := dMost u hu; have := tRange u hu; omega)
    omega
  have offEq := topBits_eq (fun u hu => by have := dMost u hu; have := tRange u hu; omega) offIn halves
  rw [← half] at onEq offEq
  have onEq : ((topBits c.half c.halves (3 * c.halves - (tLow + d)) : Nat) : Int) =
      lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.on p.pairing) p.pairing.units := by
    rw [onEq]
    apply lanes_congr
    intro u _
    unfold Cell.on
    by_cases hu : cell.dMost p.pairing u + cell.tLow p.pairing u ≤ 0
    · rw [if_pos hu, if_pos (by omega)]
    · rw [if_neg hu, if_neg (by omega)]
  have offEq : ((topBits c.half c.halves (3 * c.halves - (tHigh + d + c.ones)) : Nat) : Int) =
      lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.off p.pairing) p.pairing.units := by
    rw [offEq]
    apply lanes_congr
    intro u _
    unfold Cell.off
    by_cases hu : cell.tHigh p.pairing u + cell.dMost p.pairing u < 0
    · rw [if_pos hu, if_pos (by omega)]
    · rw [if_neg hu, if_neg (by omega)]
  generalize topBits c.half c.halves (3 * c.halves - (tLow + d)) = on at *
  generalize topBits c.half c.halves (3 * c.halves - (tHigh + d + c.ones)) = off at *
  have classes : ∀ u ∈ p.pairing.units, (cell.on p.pairing u = 0 ∨ cell.on p.pairing u = 1) ∧
      (cell.off p.pairing u = 0 ∨ cell.off p.pairing u = 1) ∧ cell.on p.pairing u + cell.off p.pairing u ≤ 1 := by
    intro u hu
    have h1 := dMost u hu
    have h2 := tRange u hu
    unfold Cell.on Cell.off
    by_cases a : cell.dMost p.pairing u + cell.tLow p.pairing u ≤ 0
    · by_cases b : cell.tHigh p.pairing u + cell.dMost p.pairing u < 0
      · omega
      · rw [if_pos a, if_neg b]; omega
    · rw [if_neg a]
      by_cases b : cell.tHigh p.pairing u + cell.dMost p.pairing u < 0
      · rw [if_pos b]; omega
      · rw [if_neg b]; omega
  have mixedEq : ((c.ones - (on + off) : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.mixed p.pairing) p.pairing.units := by
    have e : (c.ones : Int) - (on + off) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.mixed p.pairing) p.pairing.units := by
      rw [ones, onEq, offEq, ← lanes_add, ← lanes_sub]
      apply lanes_congr
      intro u _
      unfold Cell.mixed
      omega
    have n := lanes_nonneg b0 (f := cell.mixed p.pairing) (us := p.pairing.units) (fun u hu => by have := classes u hu; unfold Cell.mixed; omega)
    omega
  have liveEq : ((c.ones - off : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (fun u => 1 - cell.off p.pairing u) p.pairing.units := by
    have e : (c.ones : Int) - off = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (fun u => 1 - cell.off p.pairing u) p.pairing.units := by
      rw [ones, offEq, ← lanes_sub]
    have n := lanes_nonneg b0 (f := fun u => 1 - cell.off p.pairing u) (us := p.pairing.units) (fun u hu => by have := classes u hu; omega)
    omega
  have mixedCase : ∀ u ∈ p.pairing.units, cell.mixed p.pairing u = 0 ∨ cell.mixed p.pairing u = 1 := by
    intro u hu
    have := classes u hu
    unfold Cell.mixed
    omega
  -- of the mixed units, those that are mostly on, and mostly off
  have topCase : ∀ q : Int, (if 0 ≤ q then (1 : Int) else 0) = 0 ∨ (if 0 ≤ q then (1 : Int) else 0) = 1 := by
    intro q
    by_cases hq : 0 ≤ q
    · exact .inr (if_pos hq)
    · exact .inl (if_neg hq)
  have masked : ∀ {f : Neuron → Int} {a : Nat},
      (a : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (fun u => f u + ((2 ^ c.bits : Nat) : Int)) p.pairing.units →
      (∀ u ∈ p.pairing.units, -((2 ^ c.bits : Nat) : Int) ≤ f u ∧ f u < ((2 ^ c.bits : Nat) : Int)) →
      ((c.chosen p.pairing.sides (c.ones - (on + off)) a : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
        (fun u => cell.mixed p.pairing u * (if p.pairing.sides = true ∧ 0 ≤ f u then 1 else 0)) p.pairing.units := by
    intro f a ha hf
    unfold Columns.chosen
    cases hsides : p.pairing.sides with
    | false =>
      have z := lanes_mul ((2 ^ (c.bits + 1) : Nat) : Int) 0 (cell.mixed p.pairing) p.pairing.units
      rw [Int.zero_mul] at z
      refine z.symm.trans (lanes_congr ?_)
      intro u _
      rw [if_neg (fun h => Bool.noConfusion h.1), Int.mul_zero, Int.zero_mul]
    | true =>
    have both : lanes ((2 ^ (c.bits + 1) : Nat) : Int) (fun u => cell.mixed p.pairing u * (if true = true ∧ 0 ≤ f u then 1 else 0)) p.pairing.units =
        lanes ((2 ^ (c.bits + 1) : Nat) : Int) (fun u => cell.mixed p.pairing u * (if 0 ≤ f u then 1 else 0)) p.pairing.units := by
      apply lanes_congr
      intro u _
      by_cases hq : 0 ≤ f u
      · rw [if_pos hq, if_pos ⟨rfl, hq⟩]
      · rw [if_neg hq, if_neg (fun h => hq h.2)]
    rw [both]
    show ((select c.half (c.ones - (on + off)) (topBits c.half c.halves a + c.halves) : Nat) : Int) = _
    have top := topBits_eq hf ha halves
    rw [← half] at top
    have lifted : ((topBits c.half c.halves a + c.halves : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
        (fun u => (if 0 ≤ f u then 1 else 0) + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
      rw [Int.natCast_add, top, halves, ← lanes_add]
    rw [half] at lifted ⊢
    refine select_eq (f := fun u => if 0 ≤ f u then 1 else 0) (c := cell.mixed p.pairing) ?_ ?_ lifted mixedEq
    · intro u hu
      have h1 := topCase (f u)
      have h2 := tRange u hu
      have h3 := hf u hu
      show _ ≤ (if 0 ≤ f u then (1 : Int) else 0) ∧ (if 0 ≤ f u then (1 : Int) else 0) < _
      omega
    · intro u hu
      have h1 := topCase (f u)
      have h2 := mixedCase u hu
      show _ ∨ (_ ∧ 0 ≤ (if 0 ≤ f u then (1 : Int) else 0))
      omega
  have onTopIn : ((tHigh + 2 * c.halves - 2 * tLow : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.tHigh p.pairing u - 2 * cell.tLow p.pairing u + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    have e : (tHigh : Int) + 2 * c.halves - 2 * tLow = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
        (fun u => cell.tHigh p.pairing u - 2 * cell.tLow p.pairing u + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
      rw [tHighEq, tLowEq, halves, ← lanes_mul, ← lanes_mul, ← lanes_add, ← lanes_sub]
      apply lanes_congr
      intro u _
      omega
    have n := lanes_nonneg b0 (f := fun u => cell.tHigh p.pairing u - 2 * cell.tLow p.pairing u + ((2 ^ c.bits : Nat) : Int))
      (us := p.pairing.units) (fun u hu => by have := tRange u hu; omega)
    omega
  have offTopIn : ((tLow + 2 * c.halves - (2 * tHigh + c.ones) : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.tLow p.pairing u - 2 * cell.tHigh p.pairing u - 1 + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    have e : (tLow : Int) + 2 * c.halves - (2 * tHigh + c.ones) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
        (fun u => cell.tLow p.pairing u - 2 * cell.tHigh p.pairing u - 1 + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
      rw [tHighEq, tLowEq, halves, ones, ← lanes_mul, ← lanes_mul, ← lanes_add, ← lanes_add, ← lanes_sub]
      apply lanes_congr
      intro u _
      omega
    have n := lanes_nonneg b0 (f := fun u => cell.tLow p.pairing u - 2 * cell.tHigh p.pairing u - 1 + ((2 ^ c.bits : Nat) : Int))
      (us := p.pairing.units) (fun u hu => by have := tRange u hu; omega)
    omega
  have mostlyOnEq := masked onTopIn (fun u hu => by have := tRange u hu; omega)
  have mostlyOffEq := masked offTopIn (fun u hu => by have := tRange u hu; omega)
  have mostlyOnEq : ((c.chosen p.pairing.sides (c.ones - (on + off)) (tHigh + 2 * c.halves - 2 * tLow) : Nat) : Int) =
      lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.mostlyOn p.pairing) p.pairing.units := mostlyOnEq
  have mostlyOffEq : ((c.chosen p.pairing.sides (c.ones - (on + off)) (tLow + 2 * c.halves - (2 * tHigh + c.ones)) : Nat) : Int) =
      lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.mostlyOff p.pairing) p.pairing.units := mostlyOffEq
  generalize c.chosen p.pairing.sides (c.ones - (on + off)) (tHigh + 2 * c.halves - 2 * tLow) = mOn at *
  generalize c.chosen p.pairing.sides (c.ones - (on + off)) (tLow + 2 * c.halves - (2 * tHigh + c.ones)) = mOff at *
  generalize c.ones - (on + off) = mixed at *
  have sides : ∀ u ∈ p.pairing.units, (cell.mostlyOn p.pairing u = 0 ∨ (cell.mostlyOn p.pairing u = 1 ∧ cell.mixed p.pairing u = 1 ∧
        2 * cell.tLow p.pairing u ≤ cell.tHigh p.pairing u)) ∧
      (cell.mostlyOff p.pairing u = 0 ∨ (cell.mostlyOff p.pairing u = 1 ∧ cell.mixed p.pairing u = 1 ∧
        2 * cell.tHigh p.pairing u < cell.tLow p.pairing u)) ∧ cell.mostlyOn p.pairing u + cell.mostlyOff p.pairing u ≤ 1 := by
    intro u hu
    have h1 := mixedCase u hu
    have h2 := tRange u hu
    unfold Cell.mostlyOn Cell.mostlyOff
    rcases h1 with h1 | h1
    · rw [h1, Int.zero_mul, Int.zero_mul]
      omega
    · rw [h1, Int.one_mul, Int.one_mul]
      by_cases h3 : p.pairing.sides = true ∧ 0 ≤ cell.tHigh p.pairing u - 2 * cell.tLow p.pairing u
      · have h5 := h3.2
        rw [if_pos h3, if_neg (fun h => by have := h.2; omega)]
        omega
      · rw [if_neg h3]
        by_cases h4 : p.pairing.sides = true ∧ 0 ≤ cell.tLow p.pairing u - 2 * cell.tHigh p.pairing u - 1
        · have h5 := h4.2
          rw [if_pos h4]; omega
        · rw [if_neg h4]; omega
  have slopeEq : ((c.ones + (on + mOn) - (off + mOff) : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.slope p.pairing) p.pairing.units := by
    have e : (c.ones : Int) + (on + mOn) - (off + mOff) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.slope p.pairing) p.pairing.units := by
      rw [ones, onEq, offEq, mostlyOnEq, mostlyOffEq, ← lanes_add, ← lanes_add, ← lanes_add, ← lanes_sub]
      rfl
    have n := lanes_nonneg b0 (f := cell.slope p.pairing) (us := p.pairing.units) (fun u hu => by
      have := classes u hu; have := sides u hu; unfold Cell.slope Cell.mixed at *; omega)
    omega
  have halfEq : ((mixed - (mOn + mOff) : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.half p.pairing) p.pairing.units := by
    have e : (mixed : Int) - (mOn + mOff) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.half p.pairing) p.pairing.units := by
      rw [mixedEq, mostlyOnEq, mostlyOffEq, ← lanes_add, ← lanes_sub]
      rfl
    have n := lanes_nonneg b0 (f := cell.half p.pairing) (us := p.pairing.units) (fun u hu => by
      have := mixedCase u hu; have := sides u hu; unfold Cell.half; omega)
    omega
  have halfCase : ∀ u ∈ p.pairing.units, cell.half p.pairing u = 0 ∨ cell.half p.pairing u = 1 := by
    intro u hu
    have := mixedCase u hu
    have := sides u hu
    unfold Cell.half
    omega
  have half1 := select_eq (f := cell.tMost p.pairing) (c := cell.half p.pairing) (fun u hu => by have := tMost u hu; omega)
    (fun u hu => by have := halfCase u hu; have := tMost u hu; omega) tEq halfEq
  have lowPos := positives_eq half (fun u hu => by have := tRange u hu; omega) tLowEq halves
  have highPos := positives_eq half (fun u hu => by have := tRange u hu; omega) tHighEq halves
  have lowIn : ((c.positives tLow + c.halves : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => max (cell.tLow p.pairing u) 0 + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    rw [Int.natCast_add, lowPos, halves, ← lanes_add]
  have highIn : ((c.positives tHigh + c.halves : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => max (cell.tHigh p.pairing u) 0 + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    rw [Int.natCast_add, highPos, halves, ← lanes_add]
  have on1 := select_eq (f := fun u => max (cell.tLow p.pairing u) 0) (c := cell.mostlyOn p.pairing)
    (fun u hu => by have := tRange u hu; show _ ≤ max _ _ ∧ max _ _ < _; omega)
    (fun u hu => by have := sides u hu; show _ ∨ (_ ∧ 0 ≤ max _ _); omega) lowIn mostlyOnEq
  have off1 := select_eq (f := fun u => max (cell.tHigh p.pairing u) 0) (c := cell.mostlyOff p.pairing)
    (fun u hu => by have := tRange u hu; show _ ≤ max _ _ ∧ max _ _ < _; omega)
    (fun u hu => by have := sides u hu; show _ ∨ (_ ∧ 0 ≤ max _ _); omega) highIn mostlyOffEq
  have dMixed := select_eq (f := cell.dMost p.pairing) (c := cell.mixed p.pairing) (fun u hu => by have := dMost u hu; omega)
    (fun u hu => by have := mixedCase u hu; have := dMost u hu; omega) dEq mixedEq
  have sidesEq : ((mOn + mOff : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.mostlyOn p.pairing u + cell.mostlyOff p.pairing u) p.pairing.units := by
    rw [Int.natCast_add, mostlyOnEq, mostlyOffEq, ← lanes_add]
  have dSides := select_eq (f := cell.dMost p.pairing) (c := fun u => cell.mostlyOn p.pairing u + cell.mostlyOff p.pairing u)
    (fun u hu => by have := dMost u hu; omega) (fun u hu => by have := sides u hu; have := dMost u hu; show _ ∨ (_ ∧ _); omega) dEq sidesEq
  rw [← half] at half1 on1 off1 dMixed dSides
  have aboveEq : ((select c.half (mixed - (mOn + mOff)) t + 2 * (select c.half mOn (c.positives tLow + c.halves) +
      select c.half mOff (c.positives tHigh + c.halves)) : Nat) : Int) =
      lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.above p.pairing) p.pairing.units := by
    rw [Int.natCast_add, Int.natCast_mul, Int.natCast_add, half1, on1, off1, ← lanes_add]
    have two : ((2 : Nat) : Int) = 2 := rfl
    rw [two, ← lanes_mul, ← lanes_add]
    rfl
  have apartEq : ((select c.half mixed d + select c.half (mOn + mOff) d : Nat) : Int) =
      lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.apart p.pairing) p.pairing.units := by
    rw [Int.natCast_add, dMixed, dSides, ← lanes_add]
    rfl
  have aboveRange : ∀ u ∈ p.pairing.units, 0 ≤ cell.above p.pairing u ∧ cell.above p.pairing u ≤ c.tMax := by
    intro u hu
    have h1 := sides u hu
    have h2 := tRange u hu
    have h3 := tMost u hu
    have h4 := mixedCase u hu
    unfold Cell.above Cell.half
    rcases h1.1 with a | a
    · rcases h1.2.1 with b | b
      · rw [a, b, Int.zero_mul, Int.zero_mul]
        rcases h4 with m | m
        · rw [m]
          have e : (0 : Int) - (0 + 0) = 0 := rfl
          rw [e, Int.zero_mul]
          omega
        · rw [m]
          have e : (1 : Int) - (0 + 0) = 1 := rfl
          rw [e, Int.one_mul]
          omega
      · rw [a, b.1, b.2.1, Int.zero_mul, Int.one_mul]
        have e : (1 : Int) - (0 + 1) = 0 := rfl
        rw [e, Int.zero_mul]
        omega
    · have b : cell.mostlyOff p.pairing u = 0 := by omega
      rw [a.1, b, a.2.1, Int.zero_mul, Int.one_mul]
      have e : (1 : Int) - (1 + 0) = 0 := rfl
      rw [e, Int.zero_mul]
      omega
  have apartRange : ∀ u ∈ p.pairing.units, 0 ≤ cell.apart p.pairing u ∧ cell.apart p.pairing u ≤ 2 * c.dMax := by
    intro u hu
    have h1 := sides u hu
    have h3 := dMost u hu
    have h4 := mixedCase u hu
    unfold Cell.apart
    have h5 : cell.mostlyOn p.pairing u + cell.mostlyOff p.pairing u = 0 ∨ cell.mostlyOn p.pairing u + cell.mostlyOff p.pairing u = 1 := by omega
    rcases h4 with m | m
    · rcases h5 with n | n
      · rw [m, n, Int.zero_mul]; omega
      · rw [m, n, Int.zero_mul, Int.one_mul]; omega
    · rcases h5 with n | n
      · rw [m, n, Int.zero_mul, Int.one_mul]; omega
      · rw [m, n, Int.one_mul]; omega
  have capIn : ((tHigh - c.cap : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
      (fun u => cell.tHigh p.pairing u - p.pairing.cap + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
    have e : (tHigh : Int) - c.cap = lanes ((2 ^ (c.bits + 1) : Nat) : Int)
        (fun u => cell.tHigh p.pairing u - p.pairing.cap + ((2 ^ c.bits : Nat) : Int)) p.pairing.units := by
      rw [tHighEq, capLanes, ← lanes_sub]
      apply lanes_congr
      intro u _
      omega
    have n := lanes_nonneg b0 (f := fun u => cell.tHigh p.pairing u - p.pairing.cap + ((2 ^ c.bits : Nat) : Int)) (us := p.pairing.units)
      (fun u hu => by have := tRange u hu; omega)
    omega
  have overEq : ((c.positives (tHigh - c.cap) : Nat) : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) (cell.excess p.pairing) p.pairing.units :=
    positives_eq half (fun u hu => by have := tRange u hu; omega) capIn halves
  have units : 1 ≤ p.pairing.units.length := Nat.le_of_ble_eq_true c4.1
  have shift := Nat.eq_of_beq_eq_true c3.1
  have onesRev : (c.onesReversed : Int) = reversed (c.base : Int) (fun _ => 1) p.pairing.units := reversed_of_holds c11.1
  have l26 := le_of_leqInt c26.1
  have l27 := le_of_leqInt c27.1
  have l28 := le_of_leqInt c28.1
  have l29 := le_of_leqInt c29.1
  have l30 := le_of_leqInt c30.1
  have l31 := le_of_leqInt c31.1
  have slopeRange : ∀ u ∈ p.pairing.units, 0 ≤ cell.slope p.pairing u ∧ cell.slope p.pairing u ≤ 2 := by
    intro u hu
    have := classes u hu
    have := sides u hu
    unfold Cell.slope Cell.mixed at *
    omega
  have lifted : ((c.lift * c.dot (c.ones + (on + mOn) - (off + mOff)) c.onesReversed : Nat) : Int) = c.lift * sumOver (cell.slope p.pairing) p.pairing.units := by
    have e := dot_eq units (f := cell.slope p.pairing) (g := fun _ => 1) (F := 2) (G := 1) (k := c.bits) slopeRange
      (fun _ _ => ⟨by decide, by decide⟩) (by rw [← base]; omega) slopeEq (by rw [← base]; exact onesRev)
    unfold Columns.dot
    rw [Int.natCast_mul, shift, base, e, sumOver_congr p.pairing.units (fun u => Int.mul_one (cell.slope p.pairing u))]
  rw [← base] at slopeEq aboveEq apartEq liveEq overEq
  have packed : Packed c p.pairing cell xl xh (c.ones + (on + mOn) - (off + mOff))
      (c.lift * c.dot (c.ones + (on + mOn) - (off + mOff)) c.onesReversed)
      (select c.half (mixed - (mOn + mOff)) t + 2 * (select c.half mOn (c.positives tLow + c.halves) +
        select c.half mOff (c.positives tHigh + c.halves)))
      (select c.half mixed d + select c.half (mOn + mOff) d) (c.ones - off) (c.positives (tHigh - c.cap)) :=
    ⟨base, shift, units, xlLen, xhLen, xLow, xHigh, slopeEq, slopeRange, lifted, aboveEq, aboveRange, apartEq, apartRange,
      liveEq, (fun u hu => by have := classes u hu; omega), overEq,
      (fun u hu => by have := tRange u hu; unfold Cell.excess; omega), by omega, by omega, by omega, by omega, by omega⟩
  exact packed.outs c32.1 run

/-- A certificate: a plan that is linked to the policy and the float32 network, its columns, and cuts whose leaves pass. For
every observation of the box each int8 logit is then within its bound of the float32 logit. -/
theorem LogitsWithin.of_ok {p : Plan} {c : Columns} {net : Network} {input : List Feature} {scales : List Nat} {f : FloatNetwork}
    {box : List Interval} {t : Cuts} (linked : p.linked net input scales f box = true) (columns : c.ok p = true)
    (cuts : t.all (fastOk c p.pairing) p.root = true) : LogitsWithin net input scales f box (Plan.bounds p.outputs) :=
  LogitsWithin.of_cells linked (fun _ h => cellOk_of_fastOk columns h) cuts

end TinyVerify
