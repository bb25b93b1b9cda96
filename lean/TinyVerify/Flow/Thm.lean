import TinyVerify.Flow.Spec
/-!
# A dual certificate bounds every path

Main results: `Certificate.bounds_every_path`, `Certificate.cycles_of_shows` (in whole cycles).
-/
namespace TinyVerify

/-- What the limits charge for a path. -/
def dualVisits (path : List Edge) : List Dual → Int
  | [] => 0
  | d :: ds => (d.multiplier : Int) * visits d.limit path + dualVisits path ds

theorem dualVisits_cons (e : Edge) (path : List Edge) (duals : List Dual) :
    dualVisits (e :: path) duals = dualCoefficient e duals + dualVisits path duals := by
  induction duals with
  | nil => rfl
  | cons d ds ih =>
    have e1 : dualVisits (e :: path) (d :: ds) =
      (d.multiplier : Int) * (d.limit.coefficient e + visits d.limit path) + dualVisits (e :: path) ds := rfl
    have e2 : dualVisits path (d :: ds) = (d.multiplier : Int) * visits d.limit path + dualVisits path ds := rfl
    have e3 : dualCoefficient e (d :: ds) = (d.multiplier : Int) * d.limit.coefficient e + dualCoefficient e ds := rfl
    rw [e1, e2, e3, ih, Int.mul_add]
    omega

theorem dualVisits_nil (duals : List Dual) : dualVisits [] duals = 0 := by
  induction duals with
  | nil => rfl
  | cons d ds ih =>
    have e : dualVisits [] (d :: ds) = (d.multiplier : Int) * 0 + dualVisits [] ds := rfl
    rw [e, ih, Int.mul_zero]
    rfl

theorem dualVisits_le {path : List Edge} (duals : List Dual) (h : Respects (dualLimits duals) path) :
    dualVisits path duals ≤ dualTotal duals := by
  induction duals with
  | nil => exact Int.le_refl 0
  | cons d ds ih =>
    have h1 := h d.limit (.head _)
    have h2 := ih (fun l hl => h l (.tail _ hl))
    have h3 := Int.mul_le_mul_of_nonneg_left h1 (c := (d.multiplier : Int)) (by omega)
    have e1 : dualVisits path (d :: ds) = (d.multiplier : Int) * visits d.limit path + dualVisits path ds := rfl
    have e2 : dualTotal (d :: ds) = (d.multiplier : Int) * d.limit.total + dualTotal ds := rfl
    omega

theorem Certificate.path_le {c : Certificate} {graph : List Edge} (h : c.ok graph = true) {first last : Nat}
    {path : List Edge} (hp : Path graph first last path) :
    (c.scale : Int) * pathCost path ≤ c.potential first - c.potential last + dualVisits path c.duals := by
  induction hp with
  | nil node =>
    have e : pathCost [] = 0 := rfl
    rw [e, Int.mul_zero, dualVisits_nil]
    omega
  | cons e he _ ih =>
    have h1 : (c.scale : Int) * e.cost ≤ c.potential e.source - c.potential e.target + dualCoefficient e c.duals :=
      of_decide_eq_true (all_spec (and_split h).2 e he)
    rename_i last rest _
    have e1 : pathCost (e :: rest) = e.cost + pathCost rest := rfl
    rw [e1, Int.mul_add, dualVisits_cons]
    omega

/-- A certificate that passes its check bounds the cost of every path from `first` to `last` that
respects the certificate's limits, however long the path is. -/
theorem Certificate.bounds_every_path {c : Certificate} {graph : List Edge} (h : c.ok graph = true)
    {first last : Nat} {path : List Edge} (hp : Path graph first last path)
    (hr : Respects (dualLimits c.duals) path) :
    (c.scale : Int) * pathCost path ≤ c.bound first last := by
  have h1 := Certificate.path_le h hp
  have h2 := dualVisits_le c.duals hr
  unfold Certificate.bound
  omega

/-- In whole cycles: no path from `first` to `last` that respects the limits costs more. -/
theorem Certificate.cycles_of_shows (c : Certificate) {graph : List Edge} {first last cycles : Nat}
    (h : c.shows graph first last cycles = true) :
    ∀ path, Path graph first last path → Respects (dualLimits c.duals) path → pathCost path ≤ (cycles : Int) := by
  intro path hp hr
  have h' := and_split h
  have h1 := Certificate.bounds_every_path h'.1 hp hr
  have h2 : c.bound first last < (c.scale : Int) * ((cycles : Int) + 1) := of_decide_eq_true h'.2
  have h3 : 1 ≤ c.scale := Nat.le_of_ble_eq_true (and_split h'.1).1
  rcases Int.lt_or_le (cycles : Int) (pathCost path) with hl | hg
  · have h4 := Int.mul_le_mul_of_nonneg_left (show (cycles : Int) + 1 ≤ pathCost path from hl) (c := (c.scale : Int)) (by omega)
    omega
  · exact hg

end TinyVerify
