import TinyVerify.Certified.FastUnits
/-!
# What the numbers of a box hold

Main results: each number that `fastOk` computes has the plan's value of every unit in its lanes, from `tHigh_lanes` to
`above_lanes` and `apart_lanes`.
-/
namespace TinyVerify

namespace Columns.Holds

variable {c : Columns} {p : Pairing} {cell : Cell} {f : Neuron → Int} {a b : Nat}

/-- Lanes of 1 where `f` is not negative. -/
theorem top (h : c.Holds p) (ha : c.Lanes p a (fun u => f u + ((2 ^ c.bits : Nat) : Int)))
    (hf : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ f u ∧ f u < ((2 ^ c.bits : Nat) : Int)) :
    c.Lanes p (topBits c.half c.halves a) (fun u => if 0 ≤ f u then 1 else 0) := by
  have e := topBits_eq hf ha h.halves
  rw [← h.half] at e
  exact e

/-- Lanes of `f` where `s` is 1. -/
theorem chosenLanes (h : c.Holds p) {s : Neuron → Int} (hs : c.Lanes p b s)
    (ha : c.Lanes p a (fun u => f u + ((2 ^ c.bits : Nat) : Int)))
    (hf : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ f u ∧ f u < ((2 ^ c.bits : Nat) : Int))
    (hc : ∀ u ∈ p.units, s u = 0 ∨ (s u = 1 ∧ 0 ≤ f u)) : c.Lanes p (select c.half b a) (fun u => s u * f u) := by
  have e := select_eq hf hc ha hs
  rw [← h.half] at e
  exact e

theorem positive (h : c.Holds p) (ha : c.Lanes p a (fun u => f u + ((2 ^ c.bits : Nat) : Int)))
    (hf : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ f u ∧ f u < ((2 ^ c.bits : Nat) : Int)) :
    c.Lanes p (c.positives a) (fun u => max (f u) 0) :=
  positives_eq h.half hf ha h.halves

/-! ### ranges of `t` and `t - g` -/

theorem tHigh_lanes (h : c.Holds p) (r : cell.Ranges c p) :
    c.Lanes p (addUp c.tHigh c.tPlus cell.hi - addUp 0 c.tMinus cell.lo) (fun u => cell.tHigh p u + ((2 ^ c.bits : Nat) : Int)) :=
  upper_lanes (k := c.bits) (f0 := p.tBase) (coef := fun i u => p.tCode u i) h.tHigh h.tPlusLength h.tMinusLength h.tPlus h.tMinus
    (fun u hu => by
      have h1 := (r.t u hu).1
      have h2 := r.room
      unfold Cell.tHigh Cell.low Cell.high at h1
      omega)

theorem tLow_lanes (h : c.Holds p) (r : cell.Ranges c p) :
    c.Lanes p (addUp c.tLow c.tMinus cell.hi - addUp 0 c.tPlus cell.lo) (fun u => cell.tLow p u + ((2 ^ c.bits : Nat) : Int)) :=
  upper_lanes (k := c.bits) (f0 := fun u => -p.tBase u) (coef := fun i u => -p.tCode u i) h.tLow h.tMinusLength h.tPlusLength h.tMinus
    (fun i hi => (h.tPlus i hi).congr (fun u _ => by rw [Int.neg_neg]))
    (fun u hu => by
      have h1 := (r.t u hu).2.2.1
      have h2 := r.room
      unfold Cell.tLow Cell.low Cell.high at h1
      omega)

section
variable {xl xh : List Nat} (hx : ∀ i, i < p.dim → ((entry 0 xl i : Nat) : Int) = cell.xLow p i ∧ ((entry 0 xh i : Nat) : Int) = cell.xHigh p i)
include hx

theorem up_observations (coef : Nat → Int) : sumTo (fun i => up (coef i) (cell.xLow p i) (cell.xHigh p i)) p.dim =
    sumTo (fun i => up (coef i) ((entry 0 xl i : Nat) : Int) ((entry 0 xh i : Nat) : Int)) p.dim :=
  sumTo_congr p.dim (fun i hi => by rw [(hx i hi).1, (hx i hi).2])

theorem dHigh_lanes (h : c.Holds p) (r : cell.Ranges c p) :
    c.Lanes p (addUp c.dHigh c.dPlus xh - addUp 0 c.dMinus xl) (fun u => cell.dHigh p u + ((2 ^ c.bits : Nat) : Int)) := by
  have e := upper_lanes (k := c.bits) (f0 := fun u => p.dBase u + p.dError u) (coef := fun i u => p.dSlope u i) (lo := xl) (hi := xh)
    h.dHigh h.dPlusLength h.dMinusLength h.dPlus h.dMinus (fun u hu => by
      have h1 := (r.d u hu).1
      have h2 := r.room
      unfold Cell.dHigh at h1
      rw [up_observations hx] at h1
      omega)
  exact Columns.Lanes.congr e (fun u _ => by unfold Cell.dHigh; rw [up_observations hx])

theorem dLow_lanes (h : c.Holds p) (r : cell.Ranges c p) :
    c.Lanes p (addUp c.dLow c.dMinus xh - addUp 0 c.dPlus xl) (fun u => cell.dLow p u + ((2 ^ c.bits : Nat) : Int)) := by
  have e := upper_lanes (k := c.bits) (f0 := fun u => -p.dBase u + p.dError u) (coef := fun i u => -p.dSlope u i) (lo := xl) (hi := xh)
    h.dLow h.dMinusLength h.dPlusLength h.dMinus (fun i hi => (h.dPlus i hi).congr (fun u _ => by rw [Int.neg_neg])) (fun u hu => by
      have h1 := (r.d u hu).2.2.1
      have h2 := r.room
      unfold Cell.dLow at h1
      rw [up_observations hx] at h1
      omega)
  exact Columns.Lanes.congr e (fun u _ => by unfold Cell.dLow; rw [up_observations hx])

end

theorem tMost_lanes (h : c.Holds p) (r : cell.Ranges c p) (ha : c.Lanes p a (fun u => cell.tHigh p u + ((2 ^ c.bits : Nat) : Int)))
    (hb : c.Lanes p b (fun u => cell.tLow p u + ((2 ^ c.bits : Nat) : Int))) :
    c.Lanes p (c.larger a b) (fun u => cell.tMost p u + ((2 ^ c.bits : Nat) : Int)) :=
  larger_eq h.half (fun u hu => by have := r.t u hu; have := r.room; omega) ha hb h.halves

theorem dMost_lanes (h : c.Holds p) (r : cell.Ranges c p) (ha : c.Lanes p a (fun u => cell.dHigh p u + ((2 ^ c.bits : Nat) : Int)))
    (hb : c.Lanes p b (fun u => cell.dLow p u + ((2 ^ c.bits : Nat) : Int))) :
    c.Lanes p (c.larger a b) (fun u => cell.dMost p u + ((2 ^ c.bits : Nat) : Int)) :=
  larger_eq h.half (fun u hu => by have := r.d u hu; have := r.room; omega) ha hb h.halves

/-! ### which units are on, and which off -/

section
variable {tHigh tLow t d on off mixed mOn mOff : Nat}

theorem on_lanes (h : c.Holds p) (r : cell.Ranges c p) (ht : c.Lanes p tLow (fun u => cell.tLow p u + ((2 ^ c.bits : Nat) : Int)))
    (hd : c.Lanes p d (fun u => cell.dMost p u + ((2 ^ c.bits : Nat) : Int))) :
    c.Lanes p (topBits c.half c.halves (3 * c.halves - (tLow + d))) (cell.on p) := by
  have ranges : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ -(cell.dMost p u + cell.tLow p u) ∧
      -(cell.dMost p u + cell.tLow p u) < ((2 ^ c.bits : Nat) : Int) := by
    intro u hu
    have := r.dMost hu
    have := r.t u hu
    have := r.room
    omega
  have e := ((h.halves.mul 3).sub (ht.add hd) (fun u hu => by have := ranges u hu; omega)).congr
    (g := fun u => -(cell.dMost p u + cell.tLow p u) + ((2 ^ c.bits : Nat) : Int)) (fun u _ => by omega)
  refine (h.top e ranges).congr (fun u _ => ?_)
  unfold Cell.on
  by_cases hu : cell.dMost p u + cell.tLow p u ≤ 0
  · rw [if_pos hu, if_pos (by omega)]
  · rw [if_neg hu, if_neg (by omega)]

theorem off_lanes (h : c.Holds p) (r : cell.Ranges c p) (ht : c.Lanes p tHigh (fun u => cell.tHigh p u + ((2 ^ c.bits : Nat) : Int)))
    (hd : c.Lanes p d (fun u => cell.dMost p u + ((2 ^ c.bits : Nat) : Int))) :
    c.Lanes p (topBits c.half c.halves (3 * c.halves - (tHigh + d + c.ones))) (cell.off p) := by
  have ranges : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ -(cell.tHigh p u + cell.dMost p u) - 1 ∧
      -(cell.tHigh p u + cell.dMost p u) - 1 < ((2 ^ c.bits : Nat) : Int) := by
    intro u hu
    have := r.dMost hu
    have := r.t u hu
    have := r.room
    omega
  have e := ((h.halves.mul 3).sub ((ht.add hd).add h.ones) (fun u hu => by have := ranges u hu; omega)).congr
    (g := fun u => -(cell.tHigh p u + cell.dMost p u) - 1 + ((2 ^ c.bits : Nat) : Int)) (fun u _ => by omega)
  refine (h.top e ranges).congr (fun u _ => ?_)
  unfold Cell.off
  by_cases hu : cell.tHigh p u + cell.dMost p u < 0
  · rw [if_pos hu, if_pos (by omega)]
  · rw [if_neg hu, if_neg (by omega)]

theorem mixed_lanes (h : c.Holds p) (r : cell.Ranges c p) (hon : c.Lanes p on (cell.on p)) (hoff : c.Lanes p off (cell.off p)) :
    c.Lanes p (c.ones - (on + off)) (cell.mixed p) :=
  (h.ones.sub (hon.add hoff) (fun u hu => by have := r.classes hu; omega)).congr (fun u _ => by unfold Cell.mixed; omega)

theorem live_lanes (h : c.Holds p) (r : cell.Ranges c p) (hoff : c.Lanes p off (cell.off p)) :
    c.Lanes p (c.ones - off) (fun u => 1 - cell.off p u) :=
  h.ones.sub hoff (fun u hu => by have := r.classes hu; omega)

/-! ### of the mixed units, those that are mostly on, and mostly off -/

theorem chosen_lanes (h : c.Holds p) (r : cell.Ranges c p) (hm : c.Lanes p mixed (cell.mixed p))
    (ha : c.Lanes p a (fun u => f u + ((2 ^ c.bits : Nat) : Int)))
    (hf : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ f u ∧ f u < ((2 ^ c.bits : Nat) : Int)) :
    c.Lanes p (c.chosen p.sides mixed a) (fun u => cell.mixed p u * (if p.sides = true ∧ 0 ≤ f u then 1 else 0)) := by
  unfold Columns.chosen
  cases hsides : p.sides with
  | false =>
    have z := lanes_mul ((2 ^ (c.bits + 1) : Nat) : Int) 0 (cell.mixed p) p.units
    rw [Int.zero_mul] at z
    refine z.symm.trans (lanes_congr ?_)
    intro u _
    rw [if_neg (fun h => Bool.noConfusion h.1), Int.mul_zero, Int.zero_mul]
  | true =>
    have bit : ∀ q : Int, (if 0 ≤ q then (1 : Int) else 0) = 0 ∨ (if 0 ≤ q then (1 : Int) else 0) = 1 := by
      intro q
      by_cases hq : 0 ≤ q
      · exact .inr (if_pos hq)
      · exact .inl (if_neg hq)
    refine (h.chosenLanes hm ((h.top ha hf).add h.halves) ?_ ?_).congr ?_
    · intro u hu
      have h1 := bit (f u)
      have h2 := r.t u hu
      have h3 := r.dMost hu
      have h4 := r.room
      omega
    · intro u hu
      have h1 := bit (f u)
      have h2 := r.mixed hu
      omega
    · intro u _
      by_cases hq : 0 ≤ f u
      · rw [if_pos hq, if_pos ⟨rfl, hq⟩]
      · rw [if_neg hq, if_neg (fun h => hq h.2)]

theorem mostlyOn_lanes (h : c.Holds p) (r : cell.Ranges c p) (hm : c.Lanes p mixed (cell.mixed p))
    (hh : c.Lanes p tHigh (fun u => cell.tHigh p u + ((2 ^ c.bits : Nat) : Int)))
    (hl : c.Lanes p tLow (fun u => cell.tLow p u + ((2 ^ c.bits : Nat) : Int))) :
    c.Lanes p (c.chosen p.sides mixed (tHigh + 2 * c.halves - 2 * tLow)) (cell.mostlyOn p) := by
  have ranges : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ cell.tHigh p u - 2 * cell.tLow p u ∧
      cell.tHigh p u - 2 * cell.tLow p u < ((2 ^ c.bits : Nat) : Int) := by
    intro u hu
    have := r.t u hu
    have := r.dMost hu
    have := r.room
    omega
  exact h.chosen_lanes r hm (((hh.add (h.halves.mul 2)).sub (hl.mul 2) (fun u hu => by have := ranges u hu; omega)).congr
    (fun u _ => by omega)) ranges

theorem mostlyOff_lanes (h : c.Holds p) (r : cell.Ranges c p) (hm : c.Lanes p mixed (cell.mixed p))
    (hh : c.Lanes p tHigh (fun u => cell.tHigh p u + ((2 ^ c.bits : Nat) : Int)))
    (hl : c.Lanes p tLow (fun u => cell.tLow p u + ((2 ^ c.bits : Nat) : Int))) :
    c.Lanes p (c.chosen p.sides mixed (tLow + 2 * c.halves - (2 * tHigh + c.ones))) (cell.mostlyOff p) := by
  have ranges : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ cell.tLow p u - 2 * cell.tHigh p u - 1 ∧
      cell.tLow p u - 2 * cell.tHigh p u - 1 < ((2 ^ c.bits : Nat) : Int) := by
    intro u hu
    have := r.t u hu
    have := r.dMost hu
    have := r.room
    omega
  exact h.chosen_lanes r hm (((hl.add (h.halves.mul 2)).sub ((hh.mul 2).add h.ones) (fun u hu => by have := ranges u hu; omega)).congr
    (fun u _ => by omega)) ranges

/-! ### what a unit adds -/

theorem slope_lanes (h : c.Holds p) (r : cell.Ranges c p) (hon : c.Lanes p on (cell.on p)) (hoff : c.Lanes p off (cell.off p))
    (hmOn : c.Lanes p mOn (cell.mostlyOn p)) (hmOff : c.Lanes p mOff (cell.mostlyOff p)) :
    c.Lanes p (c.ones + (on + mOn) - (off + mOff)) (cell.slope p) :=
  (h.ones.add (hon.add hmOn)).sub (hoff.add hmOff) (fun _ hu => (r.slope hu).1)

theorem above_lanes (h : c.Holds p) (r : cell.Ranges c p) (hm : c.Lanes p mixed (cell.mixed p))
    (hmOn : c.Lanes p mOn (cell.mostlyOn p)) (hmOff : c.Lanes p mOff (cell.mostlyOff p))
    (hh : c.Lanes p tHigh (fun u => cell.tHigh p u + ((2 ^ c.bits : Nat) : Int)))
    (hl : c.Lanes p tLow (fun u => cell.tLow p u + ((2 ^ c.bits : Nat) : Int)))
    (ht : c.Lanes p t (fun u => cell.tMost p u + ((2 ^ c.bits : Nat) : Int))) :
    c.Lanes p (select c.half (mixed - (mOn + mOff)) t + 2 * (select c.half mOn (c.positives tLow + c.halves) +
      select c.half mOff (c.positives tHigh + c.halves))) (cell.above p) := by
  have ranges : ∀ u ∈ p.units, (-((2 ^ c.bits : Nat) : Int) ≤ cell.tHigh p u ∧ cell.tHigh p u < ((2 ^ c.bits : Nat) : Int)) ∧
      (-((2 ^ c.bits : Nat) : Int) ≤ cell.tLow p u ∧ cell.tLow p u < ((2 ^ c.bits : Nat) : Int)) := by
    intro u hu
    have := r.t u hu
    have := r.dMost hu
    have := r.room
    omega
  have half := hm.sub (hmOn.add hmOff) (fun u hu => by have h1 := r.half hu; unfold Cell.half at h1; omega)
  have e1 := h.chosenLanes half ht
    (fun u hu => by have := ranges u hu; have := r.tMost hu; have := r.dMost hu; have := r.room; omega)
    (fun u hu => by have h1 := r.half hu; have := r.tMost hu; unfold Cell.half at h1; omega)
  have e2 := h.chosenLanes hmOn ((h.positive hl (fun u hu => (ranges u hu).2)).add h.halves)
    (fun u hu => by have := ranges u hu; omega) (fun u hu => by have := r.sides hu; omega)
  have e3 := h.chosenLanes hmOff ((h.positive hh (fun u hu => (ranges u hu).1)).add h.halves)
    (fun u hu => by have := ranges u hu; omega) (fun u hu => by have := r.sides hu; omega)
  exact e1.add ((e2.add e3).mul 2)

theorem apart_lanes (h : c.Holds p) (r : cell.Ranges c p) (hm : c.Lanes p mixed (cell.mixed p))
    (hmOn : c.Lanes p mOn (cell.mostlyOn p)) (hmOff : c.Lanes p mOff (cell.mostlyOff p))
    (hd : c.Lanes p d (fun u => cell.dMost p u + ((2 ^ c.bits : Nat) : Int))) :
    c.Lanes p (select c.half mixed d + select c.half (mOn + mOff) d) (cell.apart p) := by
  have ranges : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ cell.dMost p u ∧ cell.dMost p u < ((2 ^ c.bits : Nat) : Int) := by
    intro u hu
    have := r.t u hu
    have := r.dMost hu
    have := r.room
    omega
  exact (h.chosenLanes hm hd ranges (fun u hu => by have := r.mixed hu; have := r.dMost hu; omega)).add
    (h.chosenLanes (hmOn.add hmOff) hd ranges (fun u hu => by have := r.sides hu; have := r.dMost hu; omega))

theorem excess_lanes (h : c.Holds p) (r : cell.Ranges c p) (hh : c.Lanes p tHigh (fun u => cell.tHigh p u + ((2 ^ c.bits : Nat) : Int))) :
    c.Lanes p (c.positives (tHigh - c.cap)) (cell.excess p) := by
  have ranges : ∀ u ∈ p.units, -((2 ^ c.bits : Nat) : Int) ≤ cell.tHigh p u - p.cap ∧ cell.tHigh p u - p.cap < ((2 ^ c.bits : Nat) : Int) := by
    intro u hu
    have := r.t u hu
    have := r.dMost hu
    have := r.room
    have := r.capNonneg
    have := r.capMost
    omega
  exact h.positive ((hh.sub h.cap (fun u hu => by have := ranges u hu; omega)).congr (fun u _ => by omega)) ranges

end

end Columns.Holds

end TinyVerify
