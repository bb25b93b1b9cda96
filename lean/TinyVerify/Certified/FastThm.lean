import TinyVerify.Certified.FastLanes
import TinyVerify.Certified.FastOutputs
/-!
# The fast check of a box is right

Main results: `packed_of_withUnits`, `cellOk_of_fastOk`, and `LogitsWithin.of_ok`, the theorem that a certificate instantiates.
-/
namespace TinyVerify

/-- What follows on packed numbers speaks of the units on the box. -/
theorem packed_of_withUnits {c : Columns} {p : Pairing} {cell : Cell} (holds : c.Holds p)
    {g : List Nat → List Nat → Nat → Nat → Nat → Nat → Nat → Nat → Bool} (h : withUnits c p cell g = true) :
    (cell.lo.length = p.dim ∧ cell.hi.length = p.dim) ∧ ∃ xl xh : List Nat, ∃ slope lifted t d live over : Nat,
      Packed c p cell xl xh slope lifted t d live over ∧ g xl xh slope lifted t d live over = true := by
  have hsplit := and_split h
  have box := boxOk_spec hsplit.1
  have r := holds.ranges (cell := cell) box.2.2
  rcases withX_spec (show cell.lo.length = p.axes.length from box.1) (show cell.hi.length = p.axes.length from box.2.1) _ hsplit.2 with
    ⟨xl, xh, run, xlLen, xhLen, xEach⟩
  have hx : ∀ i, i < p.dim → ((entry 0 xl i : Nat) : Int) = cell.xLow p i ∧
      ((entry 0 xh i : Nat) : Int) = cell.xHigh p i := by
    intro i hi
    rw [(xEach i hi).1, (xEach i hi).2]
    exact ⟨rfl, rfl⟩
  rw [withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq,
    withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq, withNat_eq] at run
  have tHigh := holds.tHigh_lanes r
  have tLow := holds.tLow_lanes r
  have t := holds.tMost_lanes r tHigh tLow
  have d := holds.dMost_lanes r (Columns.Holds.dHigh_lanes hx holds r) (Columns.Holds.dLow_lanes hx holds r)
  have on := holds.on_lanes r tLow d
  have off := holds.off_lanes r tHigh d
  have mixed := holds.mixed_lanes r on off
  have mostlyOn := holds.mostlyOn_lanes r mixed tHigh tLow
  have mostlyOff := holds.mostlyOff_lanes r mixed tHigh tLow
  have slope := holds.slope_lanes r on off mostlyOn mostlyOff
  have above := holds.above_lanes r mixed mostlyOn mostlyOff tHigh tLow t
  have apart := holds.apart_lanes r mixed mostlyOn mostlyOff d
  have live := holds.live_lanes r off
  have over := holds.excess_lanes r tHigh
  have base := holds.base
  unfold Columns.Lanes at slope above apart live over
  rw [← base] at slope above apart live over
  refine ⟨⟨box.1, box.2.1⟩, xl, xh, _, _, _, _, _, _, ⟨base, holds.shift, holds.units, xlLen, xhLen, fun i hi => (hx i hi).1,
    fun i hi => (hx i hi).2, slope, fun _ hu => r.slope hu, ?_, above, fun _ hu => r.above hu, apart, fun _ hu => r.apart hu, live,
    (fun u hu => by have := r.classes hu; omega), over, fun _ hu => r.excess hu, holds.fitSlope, holds.fitT, holds.fitD,
    holds.fitLive, holds.fitOver⟩, run⟩
  have ones := holds.onesReversed
  have fit := holds.fitOnes
  rw [base] at slope ones fit
  have e := dot_eq holds.units (F := 2) (G := 1) (k := c.bits) (fun _ hu => r.slope hu) (fun _ _ => ⟨by decide, by decide⟩) fit slope ones
  unfold Columns.dot
  rw [Int.natCast_mul, holds.shift, base, e, sumOver_congr p.units (fun u => Int.mul_one (cell.slope p u))]

/-- The fast check of a box implies the plan's. -/
theorem cellOk_of_fastOk {c : Columns} {p : Plan} {cell : Cell} (hc : c.ok p = true) (h : fastOk c p.pairing cell = true) :
    p.cellOk cell 0 p.outputs = true := by
  have holds := Columns.holds_of_ok hc
  rcases packed_of_withUnits holds.1 h with ⟨_, xl, xh, slope, lifted, t, d, live, over, packed, run⟩
  exact packed.outs holds.2 run

/-- A certificate: a plan that is linked to the policy and the float32 network, its columns, and cuts whose leaves pass. For
every observation of the box each int8 logit is then within its bound of the float32 logit. -/
theorem LogitsWithin.of_ok {p : Plan} {c : Columns} {net : Network} {input : List Feature} {scales : List Nat} {f : FloatNetwork}
    {box : List Interval} {t : Cuts} (linked : p.linked net input scales f box = true) (columns : c.ok p = true)
    (cuts : t.all (fastOk c p.pairing) p.root = true) : LogitsWithin net input scales f box (Plan.bounds p.outputs) :=
  LogitsWithin.of_cells linked (fun _ h => cellOk_of_fastOk columns h) cuts

end TinyVerify
