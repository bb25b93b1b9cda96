import TinyVerify.Certified.FastColumns
/-!
# In which range a unit of a box is

Main results: `Columns.Holds.ranges` (a unit's bounds fit their lanes), `Cell.Ranges.classes` and `Cell.Ranges.sides` (which
of on, off, mostly on and mostly off it is), `Cell.Ranges.above` and `Cell.Ranges.apart`.
-/
namespace TinyVerify

/-- A box of codes, each range within 0 and 510. -/
def Cell.Boxed (cell : Cell) (p : Pairing) : Prop :=
  ∀ i, i < p.dim → entry 0 cell.lo i ≤ entry 0 cell.hi i ∧ entry 0 cell.hi i ≤ 510

theorem Cell.Boxed.codes {cell : Cell} {p : Pairing} (box : cell.Boxed p) {i : Nat} (hi : i < p.dim) :
    0 ≤ cell.low i ∧ cell.low i ≤ cell.high i ∧ cell.high i ≤ 510 := by
  have b := box i hi
  unfold Cell.low Cell.high
  omega

theorem Cell.Boxed.observations {cell : Cell} {p : Pairing} (box : cell.Boxed p) {i : Nat} (hi : i < p.dim) :
    0 ≤ cell.xLow p i ∧ cell.xLow p i ≤ cell.xHigh p i ∧ cell.xHigh p i ≤ p.xMost i := by
  have b := box i hi
  have m1 := Nat.mul_le_mul_left p.rho b.1
  have m2 := Nat.mul_le_mul_left p.rho b.2
  have d1 := Nat.div_le_div_right (c := (p.axis i).inv)
    (show p.rho * entry 0 cell.lo i + (p.axis i).low ≤ p.rho * entry 0 cell.hi i + (p.axis i).low + 2 * (p.axis i).err by omega)
  have d2 := Nat.div_le_div_right (c := (p.axis i).inv)
    (show p.rho * entry 0 cell.hi i + (p.axis i).low + 2 * (p.axis i).err ≤ p.rho * 510 + (p.axis i).low + 2 * (p.axis i).err by omega)
  unfold Cell.xLow Cell.xHigh Pairing.xMost
  generalize (p.rho * entry 0 cell.lo i + (p.axis i).low) / (p.axis i).inv = q1 at *
  generalize (p.rho * entry 0 cell.hi i + (p.axis i).low + 2 * (p.axis i).err) / (p.axis i).inv = q2 at *
  generalize (p.rho * 510 + (p.axis i).low + 2 * (p.axis i).err) / (p.axis i).inv = q3 at *
  omega

/-- A linear function on a box: both of its bounds, by the largest values of the inputs. -/
theorem sumTo_up {coef lo hi most : Nat → Int} (d : Nat) (h : ∀ i, i < d → 0 ≤ lo i ∧ lo i ≤ hi i ∧ hi i ≤ most i) :
    -(sumTo (fun i => ((coef i).natAbs : Int) * most i) d) ≤ sumTo (fun i => up (coef i) (lo i) (hi i)) d ∧
    sumTo (fun i => up (coef i) (lo i) (hi i)) d ≤ sumTo (fun i => ((coef i).natAbs : Int) * most i) d :=
  sumTo_abs d (fun i hi => by have := h i hi; exact up_abs (by omega) (by omega) (by omega) (by omega))

theorem sumTo_up_both {coef lo hi most : Nat → Int} (d : Nat) (h : ∀ i, i < d → 0 ≤ lo i ∧ lo i ≤ hi i ∧ hi i ≤ most i) :
    -(sumTo (fun i => ((coef i).natAbs : Int) * most i) d) ≤ sumTo (fun i => up (-coef i) (lo i) (hi i)) d ∧
    sumTo (fun i => up (-coef i) (lo i) (hi i)) d ≤ sumTo (fun i => ((coef i).natAbs : Int) * most i) d ∧
    0 ≤ sumTo (fun i => up (coef i) (lo i) (hi i)) d + sumTo (fun i => up (-coef i) (lo i) (hi i)) d := by
  have a := sumTo_up (coef := fun i => -coef i) d h
  have e : sumTo (fun i => ((-coef i).natAbs : Int) * most i) d = sumTo (fun i => ((coef i).natAbs : Int) * most i) d :=
    sumTo_congr d (fun i _ => by rw [Int.natAbs_neg])
  rw [e] at a
  have b := sumTo_nonneg (f := fun i => up (coef i) (lo i) (hi i) + up (-coef i) (lo i) (hi i)) d
    (fun i hi => up_both (by have := h i hi; omega))
  rw [sumTo_add] at b
  exact ⟨a.1, a.2, b⟩

/-- The bounds of every unit fit their lanes with room for four of them. -/
structure Cell.Ranges (cell : Cell) (c : Columns) (p : Pairing) : Prop where
  t : ∀ u ∈ p.units, -(c.tMax : Int) ≤ cell.tHigh p u ∧ cell.tHigh p u ≤ c.tMax ∧ -(c.tMax : Int) ≤ cell.tLow p u ∧
    cell.tLow p u ≤ c.tMax ∧ 0 ≤ cell.tHigh p u + cell.tLow p u
  d : ∀ u ∈ p.units, -(c.dMax : Int) ≤ cell.dHigh p u ∧ cell.dHigh p u ≤ c.dMax ∧ -(c.dMax : Int) ≤ cell.dLow p u ∧
    cell.dLow p u ≤ c.dMax ∧ 0 ≤ cell.dHigh p u + cell.dLow p u
  capNonneg : 0 ≤ p.cap
  capMost : p.cap ≤ c.tMax
  room : 4 * (c.tMax : Int) + 4 * c.dMax + 4 ≤ ((2 ^ c.bits : Nat) : Int)

theorem Columns.Holds.ranges {c : Columns} {p : Pairing} (h : c.Holds p) {cell : Cell} (box : cell.Boxed p) :
    cell.Ranges c p := by
  refine ⟨?_, ?_, h.capNonneg, h.capMost, h.room⟩
  · intro u hu
    have b := h.tBound u hu
    have i1 := sumTo_up (coef := p.tCode u) (most := fun _ => 510) p.dim (fun i hi => box.codes hi)
    have i2 := sumTo_up_both (coef := p.tCode u) (most := fun _ => 510) p.dim (fun i hi => box.codes hi)
    unfold Pairing.tBound at b
    unfold Cell.tHigh Cell.tLow
    omega
  · intro u hu
    have b := h.dBound u hu
    have e0 : 0 ≤ p.dError u := sumTo_nonneg p.dim (fun i _ => Int.mul_nonneg (by omega) (by omega))
    have i1 := sumTo_up (coef := p.dSlope u) (most := p.xMost) p.dim (fun i hi => box.observations hi)
    have i2 := sumTo_up_both (coef := p.dSlope u) (most := p.xMost) p.dim (fun i hi => box.observations hi)
    unfold Pairing.dBound at b
    unfold Cell.dHigh Cell.dLow
    omega

namespace Cell.Ranges

variable {cell : Cell} {c : Columns} {p : Pairing} {u : Neuron}

theorem tMost (r : cell.Ranges c p) (hu : u ∈ p.units) : 0 ≤ cell.tMost p u ∧ cell.tMost p u ≤ c.tMax := by
  have := r.t u hu
  unfold Cell.tMost
  omega

theorem dMost (r : cell.Ranges c p) (hu : u ∈ p.units) : 0 ≤ cell.dMost p u ∧ cell.dMost p u ≤ c.dMax := by
  have := r.d u hu
  unfold Cell.dMost
  omega

theorem excess (r : cell.Ranges c p) (hu : u ∈ p.units) : 0 ≤ cell.excess p u ∧ cell.excess p u ≤ c.tMax := by
  have h1 := r.t u hu
  have h2 := r.capNonneg
  unfold Cell.excess
  omega

theorem classes (r : cell.Ranges c p) (hu : u ∈ p.units) : (cell.on p u = 0 ∨ cell.on p u = 1) ∧
    (cell.off p u = 0 ∨ cell.off p u = 1) ∧ cell.on p u + cell.off p u ≤ 1 := by
  have h1 := r.dMost hu
  have h2 := r.t u hu
  unfold Cell.on Cell.off
  by_cases a : cell.dMost p u + cell.tLow p u ≤ 0
  · rw [if_pos a]
    by_cases b : cell.tHigh p u + cell.dMost p u < 0
    · omega
    · rw [if_neg b]; omega
  · rw [if_neg a]
    by_cases b : cell.tHigh p u + cell.dMost p u < 0
    · rw [if_pos b]; omega
    · rw [if_neg b]; omega

theorem mixed (r : cell.Ranges c p) (hu : u ∈ p.units) : cell.mixed p u = 0 ∨ cell.mixed p u = 1 := by
  have := r.classes hu
  unfold Cell.mixed
  omega

theorem sides (r : cell.Ranges c p) (hu : u ∈ p.units) :
    (cell.mostlyOn p u = 0 ∨ (cell.mostlyOn p u = 1 ∧ cell.mixed p u = 1 ∧ 2 * cell.tLow p u ≤ cell.tHigh p u)) ∧
    (cell.mostlyOff p u = 0 ∨ (cell.mostlyOff p u = 1 ∧ cell.mixed p u = 1 ∧ 2 * cell.tHigh p u < cell.tLow p u)) ∧
    cell.mostlyOn p u + cell.mostlyOff p u ≤ 1 := by
  have h1 := r.mixed hu
  have h2 := (r.t u hu).2.2.2.2
  unfold Cell.mostlyOn Cell.mostlyOff
  rcases h1 with h1 | h1
  · rw [h1, Int.zero_mul, Int.zero_mul]
    omega
  · rw [h1, Int.one_mul, Int.one_mul]
    by_cases h3 : p.sides = true ∧ 0 ≤ cell.tHigh p u - 2 * cell.tLow p u
    · have h5 := h3.2
      rw [if_pos h3, if_neg (fun h => by have := h.2; omega)]
      omega
    · rw [if_neg h3]
      by_cases h4 : p.sides = true ∧ 0 ≤ cell.tLow p u - 2 * cell.tHigh p u - 1
      · have h5 := h4.2
        rw [if_pos h4]; omega
      · rw [if_neg h4]; omega

theorem half (r : cell.Ranges c p) (hu : u ∈ p.units) : cell.half p u = 0 ∨ cell.half p u = 1 := by
  have := r.mixed hu
  have := r.sides hu
  unfold Cell.half
  omega

theorem slope (r : cell.Ranges c p) (hu : u ∈ p.units) : 0 ≤ cell.slope p u ∧ cell.slope p u ≤ 2 := by
  have h1 := r.classes hu
  have h2 := r.sides hu
  unfold Cell.mixed at h2
  unfold Cell.slope
  omega

theorem above (r : cell.Ranges c p) (hu : u ∈ p.units) : 0 ≤ cell.above p u ∧ cell.above p u ≤ c.tMax := by
  have h1 := r.sides hu
  have h2 := r.t u hu
  have h3 := r.tMost hu
  have h4 := r.half hu
  unfold Cell.above
  unfold Cell.half at h4 ⊢
  rcases h1.1 with a | a
  · rcases h1.2.1 with b | b
    · rw [a, b] at h4 ⊢
      rw [Int.zero_mul, Int.zero_mul]
      rcases h4 with m | m
      · rw [m, Int.zero_mul]; omega
      · rw [m, Int.one_mul]; omega
    · have e : (1 : Int) - (0 + 1) = 0 := rfl
      rw [a, b.1, b.2.1, e, Int.zero_mul, Int.zero_mul, Int.one_mul]
      omega
  · have b : cell.mostlyOff p u = 0 := by omega
    have e : (1 : Int) - (1 + 0) = 0 := rfl
    rw [a.1, b, a.2.1, e, Int.zero_mul, Int.zero_mul, Int.one_mul]
    omega

theorem apart (r : cell.Ranges c p) (hu : u ∈ p.units) : 0 ≤ cell.apart p u ∧ cell.apart p u ≤ 2 * c.dMax := by
  have h1 := r.sides hu
  have h3 := r.dMost hu
  have h4 := r.mixed hu
  have h5 : cell.mostlyOn p u + cell.mostlyOff p u = 0 ∨ cell.mostlyOn p u + cell.mostlyOff p u = 1 := by omega
  unfold Cell.apart
  rcases h4 with m | m <;> rcases h5 with n | n <;> rw [m, n] <;> omega

end Cell.Ranges

end TinyVerify
