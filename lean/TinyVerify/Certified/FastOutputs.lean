import TinyVerify.Certified.FastSteps
/-!
# What the packed numbers of a box say about its outputs

Main result: `Packed.outs`, the outputs' part of the fast check implies the plan's.
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
      (lifted + (rest + c.dot t o.changeDown) + o.more) constant = true) :
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

end TinyVerify
