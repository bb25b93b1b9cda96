import TinyVerify.Certified.FastSteps
/-!
# What the columns of a plan hold

`Columns.Lanes` says what the lanes of a number are; sums, differences and selections of lanes are lanes.
Main result: `Columns.holds_of_ok`, the check of the columns in words.
-/
namespace TinyVerify

/-- The lanes of `a` are the values of `f`. -/
def Columns.Lanes (c : Columns) (p : Pairing) (a : Nat) (f : Neuron → Int) : Prop :=
  (a : Int) = lanes ((2 ^ (c.bits + 1) : Nat) : Int) f p.units

namespace Columns.Lanes

variable {c : Columns} {p : Pairing} {a b : Nat} {f g : Neuron → Int}

theorem congr (h : c.Lanes p a f) (e : ∀ u ∈ p.units, f u = g u) : c.Lanes p a g :=
  (show (a : Int) = _ from h).trans (lanes_congr e)

theorem add (ha : c.Lanes p a f) (hb : c.Lanes p b g) : c.Lanes p (a + b) (fun u => f u + g u) := by
  unfold Columns.Lanes at *
  rw [Int.natCast_add, ha, hb, ← lanes_add]

theorem mul (k : Nat) (ha : c.Lanes p a f) : c.Lanes p (k * a) (fun u => (k : Int) * f u) := by
  unfold Columns.Lanes at *
  rw [Int.natCast_mul, ha, ← lanes_mul]

/-- The difference of naturals, where no lane falls below zero. -/
theorem sub (ha : c.Lanes p a f) (hb : c.Lanes p b g) (le : ∀ u ∈ p.units, 0 ≤ f u - g u) :
    c.Lanes p (a - b) (fun u => f u - g u) := by
  have n := lanes_nonneg (b := ((2 ^ (c.bits + 1) : Nat) : Int)) (Int.natCast_nonneg _) le
  unfold Columns.Lanes at *
  rw [lanes_sub, ← ha, ← hb] at n ⊢
  omega

end Columns.Lanes

/-- `Columns.ok` in words, but for the columns of the outputs. -/
structure Columns.Holds (c : Columns) (p : Pairing) : Prop where
  half : c.half = 2 ^ c.bits
  base : c.base = 2 ^ (c.bits + 1)
  shift : c.shift = (c.bits + 1) * (p.units.length - 1)
  units : 1 ≤ p.units.length
  tPlusLength : c.tPlus.length = p.dim
  tMinusLength : c.tMinus.length = p.dim
  dPlusLength : c.dPlus.length = p.dim
  dMinusLength : c.dMinus.length = p.dim
  halves : c.Lanes p c.halves (fun _ => ((2 ^ c.bits : Nat) : Int))
  ones : c.Lanes p c.ones (fun _ => 1)
  onesReversed : (c.onesReversed : Int) = reversed (c.base : Int) (fun _ => 1) p.units
  cap : c.Lanes p c.cap (fun _ => p.cap)
  tHigh : c.Lanes p c.tHigh (fun u => p.tBase u + ((2 ^ c.bits : Nat) : Int))
  tLow : c.Lanes p c.tLow (fun u => -p.tBase u + ((2 ^ c.bits : Nat) : Int))
  dHigh : c.Lanes p c.dHigh (fun u => p.dBase u + p.dError u + ((2 ^ c.bits : Nat) : Int))
  dLow : c.Lanes p c.dLow (fun u => -p.dBase u + p.dError u + ((2 ^ c.bits : Nat) : Int))
  tPlus : ∀ i, i < p.dim → c.Lanes p (entry 0 c.tPlus i) (fun u => max (p.tCode u i) 0)
  tMinus : ∀ i, i < p.dim → c.Lanes p (entry 0 c.tMinus i) (fun u => max (-p.tCode u i) 0)
  dPlus : ∀ i, i < p.dim → c.Lanes p (entry 0 c.dPlus i) (fun u => max (p.dSlope u i) 0)
  dMinus : ∀ i, i < p.dim → c.Lanes p (entry 0 c.dMinus i) (fun u => max (-p.dSlope u i) 0)
  tBound : ∀ u ∈ p.units, 0 ≤ p.tBound u ∧ p.tBound u ≤ c.tMax
  dBound : ∀ u ∈ p.units, 0 ≤ p.dBound u ∧ p.dBound u ≤ c.dMax
  capNonneg : 0 ≤ p.cap
  capMost : p.cap ≤ c.tMax
  room : 4 * (c.tMax : Int) + 4 * c.dMax + 4 ≤ ((2 ^ c.bits : Nat) : Int)
  fitSlope : (p.units.length : Int) * (2 * (2 * c.lift)) < c.base
  fitOnes : (p.units.length : Int) * (2 * 1) < c.base
  fitT : (p.units.length : Int) * (c.tMax * c.changeMax) < c.base
  fitD : (p.units.length : Int) * (2 * c.dMax * c.sizeMax) < c.base
  fitLive : (p.units.length : Int) * (1 * c.roundMax) < c.base
  fitOver : (p.units.length : Int) * (c.tMax * c.twiceMax) < c.base

/-- The columns are those of the plan, and the outputs' match its outputs. -/
theorem Columns.holds_of_ok {c : Columns} {p : Plan} (hc : c.ok p = true) :
    c.Holds p.pairing ∧ c.outsMatch p.pairing 0 c.outs p.outputs = true := by
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
  have eqLanes : ∀ {a : Nat} {f : Neuron → Int}, Columns.holds (c.base : Int) p.pairing.units a f = true → c.Lanes p.pairing a f := by
    intro a f h
    have e : (a : Int) = lanes (c.base : Int) f p.pairing.units := of_decide_eq_true h
    rw [base] at e
    exact e
  have column : ∀ {f : Nat → Neuron → Int} {cs : List Nat}, Columns.holdsAll (c.base : Int) p.pairing.units f 0 cs = true →
      cs.length = p.pairing.dim → ∀ i, i < p.pairing.dim → c.Lanes p.pairing (entry 0 cs i) (f i) := by
    intro f cs hcs hl i hi
    have e := holdsAll_at hcs (i := i) (by rw [hl]; exact hi)
    rw [Nat.zero_add, base] at e
    exact e
  have l5 := Nat.eq_of_beq_eq_true c5.1
  have l6 := Nat.eq_of_beq_eq_true c6.1
  have l7 := Nat.eq_of_beq_eq_true c7.1
  have l8 := Nat.eq_of_beq_eq_true c8.1
  refine ⟨⟨half, base, Nat.eq_of_beq_eq_true c3.1, Nat.le_of_ble_eq_true c4.1, l5, l6, l7, l8, ?_, eqLanes c10.1,
    reversed_of_holds c11.1, eqLanes c12.1, ?_, ?_, ?_, ?_, column c17.1 l5, column c18.1 l6, column c19.1 l7, column c20.1 l8,
    bounded_spec c21.1, bounded_spec c22.1, le_of_leqInt c23.1, le_of_leqInt c24.1, ?_, le_of_leqInt c26.1, le_of_leqInt c27.1,
    le_of_leqInt c28.1, le_of_leqInt c29.1, le_of_leqInt c30.1, le_of_leqInt c31.1⟩, c32.1⟩
  · have e := eqLanes c9.1; rw [half] at e; exact e
  · have e := eqLanes c13.1; rw [half] at e; exact e
  · have e := eqLanes c14.1; rw [half] at e; exact e
  · have e := eqLanes c15.1; rw [half] at e; exact e
  · have e := eqLanes c16.1; rw [half] at e; exact e
  · have e := le_of_leqInt c25.1; rw [half] at e; exact e

end TinyVerify
