import TinyVerify.Agreement.TailProduct
/-!
# How many cells of a box lie on one side of a plane

From the end of each axis where `c . n` is least, its value is a sum of natural numbers: `TailProduct.lean` counts it.
Main results: `aboveCount_eq`, `belowCount_eq`, `sidesCount_eq`. None of them looks at a cell.
-/
namespace TinyVerify

/-! ### definitions -/

/-- `c . n`. -/
def planeAt : List Int → List Nat → Int
  | c :: cs, n :: ns => c * n + planeAt cs ns
  | _, _ => 0

def aboveTest (c : List Int) (limit : Int) (cell : List Nat) : Bool := decide (limit ≤ planeAt c cell)
def belowTest (c : List Int) (limit : Int) (cell : List Nat) : Bool := decide (planeAt c cell ≤ limit)

/-- The least value of `c . n` on a box, if it has cells. -/
def planeLeast : List Int → List Nat → List Nat → Int
  | c :: cs, l :: ls, h :: hs => c * ((cond (Nat.beq (Int.toNat c) 0) h l : Nat) : Int) + planeLeast cs ls hs
  | _, _, _ => 0

def planeWeights : List Int → List Nat
  | [] => []
  | c :: cs => Int.natAbs c :: planeWeights cs

/-- Numbers of values, axis by axis. -/
def boxSizes : List Nat → List Nat → List Nat
  | l :: ls, h :: hs => (h + 1 - l) :: boxSizes ls hs
  | _, _ => []

/-- Bits that hold one more than the number of cells. -/
def boxWidth (lo hi : List Nat) : Nat := Nat.log2 (cellsIn lo hi + 1) + 1

def boxProduct (c : List Int) (lo hi : List Nat) : Nat :=
  withNat (boxWidth lo hi) fun width => tailProduct width 1 (planeWeights c) (boxSizes lo hi)

/-- Cells with `c . n ≥ limit`, `product` being that of the box. -/
def aboveOf (product : Nat) (c : List Int) (lo hi : List Nat) (limit : Int) : Nat :=
  tailOf (boxWidth lo hi) product (Int.toNat (limit - planeLeast c lo hi))

/-- How many cells of the box have `c . n ≥ limit`. -/
def aboveCount (c : List Int) (lo hi : List Nat) (limit : Int) : Nat := aboveOf (boxProduct c lo hi) c lo hi limit

/-- How many cells of the box have `c . n ≤ limit`. -/
def belowCount (c : List Int) (lo hi : List Nat) (limit : Int) : Nat := cellsIn lo hi - aboveCount c lo hi (limit + 1)

/-- How many cells of the box have `c . n ≤ below` or `c . n ≥ above`, by one product. -/
def sidesCount (c : List Int) (lo hi : List Nat) (below above : Int) : Nat :=
  withNat (boxProduct c lo hi) fun product =>
    aboveOf product c lo hi above + (cellsIn lo hi - aboveOf product c lo hi (below + 1))

/-! ### boxes -/

theorem countCells_plane (test : Int → Bool) {c : List Int} {lo hi : List Nat} (hl : c.length = lo.length) (hh : lo.length = hi.length)
    (base : Int) : countCells (fun cell => test (base + planeAt c cell)) lo hi =
      sumAlong (fun e => oneIf (test (base + planeLeast c lo hi + e))) (planeWeights c) (boxSizes lo hi) 0 := by
  induction c generalizing lo hi base with
  | nil => cases lo with
    | nil => cases hi with
      | nil =>
        show (if test (base + 0) = true then 1 else 0) = oneIf (test (base + 0 + ((0 : Nat) : Int)))
        rw [Int.add_zero]
        have e : base + ((0 : Nat) : Int) = base := by omega
        rw [e]
        cases test base <;> rfl
      | cons _ _ => exact absurd hh (by intro h; exact Nat.noConfusion h)
    | cons _ _ => exact absurd hl (by intro h; exact Nat.noConfusion h)
  | cons a as ih => cases lo with
    | nil => exact absurd hl (by intro h; exact Nat.noConfusion h)
    | cons l ls => cases hi with
      | nil => exact absurd hh (by intro h; exact Nat.noConfusion h)
      | cons x xs =>
        have step : ∀ v y : Nat, ∀ edge : Int, a * v = edge + (Int.natAbs a * y : Nat) →
            countCells (fun rest => test (base + planeAt (a :: as) (v :: rest))) ls xs =
            sumAlong (fun e => oneIf (test (base + (edge + planeLeast as ls xs) + e))) (planeWeights as) (boxSizes ls xs)
              (0 + Int.natAbs a * y) := by
          intro v y edge he
          have i := ih (Nat.succ.inj hl) (Nat.succ.inj hh) (base + a * v)
          rw [Nat.zero_add, ← Nat.add_zero (Int.natAbs a * y), sumAlong_move]
          have left : (fun rest => test (base + planeAt (a :: as) (v :: rest))) = fun cell => test (base + a * v + planeAt as cell) := by
            funext rest
            show test (base + (a * v + planeAt as rest)) = _
            rw [Int.add_assoc]
          have right : (fun e => oneIf (test (base + a * v + planeLeast as ls xs + (e : Nat)))) =
              fun e => oneIf (test (base + (edge + planeLeast as ls xs) + (Int.natAbs a * y + e : Nat))) := by
            funext e
            have s : base + a * v + planeLeast as ls xs + (e : Nat) =
                base + (edge + planeLeast as ls xs) + (Int.natAbs a * y + e : Nat) := by
              rw [he, Int.natCast_add]
              omega
            rw [s]
          rw [left, i, right]
        show sumRange (fun v => countCells (fun rest => test (base + planeAt (a :: as) (v :: rest))) ls xs) l (x + 1 - l) =
          sumRange (fun y => sumAlong (fun e => oneIf (test (base + (a * ((cond (Nat.beq (Int.toNat a) 0) x l : Nat) : Int) +
            planeLeast as ls xs) + e))) (planeWeights as) (boxSizes ls xs) (0 + Int.natAbs a * y)) 0 (x + 1 - l)
        cases sign : Nat.beq (Int.toNat a) 0 with
        | true =>
          have s := Nat.eq_of_beq_eq_true sign
          rw [sumRange_reverse]
          apply sumRange_congr
          intro y _ hy
          apply step
          show a * ((l + (x + 1 - l) - 1 - y : Nat) : Int) = a * (x : Int) + _
          have e : ((l + (x + 1 - l) - 1 - y : Nat) : Int) = x - y := by omega
          have ea : ((Int.natAbs a : Nat) : Int) = -a := by omega
          rw [e, Int.mul_sub, Int.natCast_mul, ea, Int.neg_mul]
          omega
        | false =>
          have s := Nat.ne_of_beq_eq_false sign
          rw [← Nat.add_zero l, sumRange_shift, Nat.add_zero]
          apply sumRange_congr
          intro y _ _
          apply step
          show a * ((l + y : Nat) : Int) = a * (l : Int) + _
          have ea : ((Int.natAbs a : Nat) : Int) = a := by omega
          rw [Int.natCast_add, Int.mul_add, Int.natCast_mul, ea]

theorem length_planeWeights (c : List Int) : (planeWeights c).length = c.length := by
  induction c with
  | nil => rfl
  | cons c cs ih => exact congrArg (· + 1) ih

theorem length_boxSizes {lo hi : List Nat} (hh : lo.length = hi.length) : (boxSizes lo hi).length = lo.length := by
  induction lo generalizing hi with
  | nil => rfl
  | cons l ls ih => cases hi with
    | nil => exact absurd hh (by intro h; exact Nat.noConfusion h)
    | cons x xs => exact congrArg (· + 1) (ih (Nat.succ.inj hh))

theorem product_boxSizes {lo hi : List Nat} (hh : lo.length = hi.length) : listProduct (boxSizes lo hi) = cellsIn lo hi := by
  induction lo generalizing hi with
  | nil => cases hi with
    | nil => rfl
    | cons _ _ => exact absurd hh (by intro h; exact Nat.noConfusion h)
  | cons l ls ih => cases hi with
    | nil => exact absurd hh (by intro h; exact Nat.noConfusion h)
    | cons x xs => exact congrArg ((x + 1 - l) * ·) (ih (Nat.succ.inj hh))

theorem aboveCount_eq {c : List Int} {lo hi : List Nat} (hl : c.length = lo.length) (hh : lo.length = hi.length) (limit : Int) :
    aboveCount c lo hi limit = countCells (aboveTest c limit) lo hi := by
  have lengths : (planeWeights c).length = (boxSizes lo hi).length := by rw [length_planeWeights, length_boxSizes hh, hl]
  have room : cellsIn lo hi < 2 ^ boxWidth lo hi - 1 := by
    have := Nat.lt_log2_self (n := cellsIn lo hi + 1)
    show cellsIn lo hi < 2 ^ (Nat.log2 (cellsIn lo hi + 1) + 1) - 1
    omega
  rw [← product_boxSizes hh, ← sumAlong_ones lengths 0] at room
  have tail := tailOf_eq (boxWidth lo hi) (Int.toNat (limit - planeLeast c lo hi)) (planeWeights c) (boxSizes lo hi) room
  have cells := countCells_plane (fun z => decide (limit ≤ z)) hl hh 0
  have left : (fun cell => decide (limit ≤ 0 + planeAt c cell)) = aboveTest c limit := by
    funext cell
    rw [Int.zero_add]
    rfl
  have right : (fun e : Nat => oneIf (decide (limit ≤ 0 + planeLeast c lo hi + (e : Int)))) =
      fun e => oneIf (Nat.ble (Int.toNat (limit - planeLeast c lo hi)) e) := by
    funext e
    apply congrArg oneIf
    apply Bool.eq_iff_iff.mpr
    rw [decide_eq_true_iff]
    constructor
    · intro h
      exact Nat.ble_eq_true_of_le (by omega)
    · intro h
      have := Nat.le_of_ble_eq_true h
      omega
  rw [left, right] at cells
  show tailOf _ (withNat (boxWidth lo hi) fun width => tailProduct width 1 (planeWeights c) (boxSizes lo hi)) _ = _
  rw [withNat_eq, tail, cells]

theorem not_above (c : List Int) (limit : Int) (cell : List Nat) : (!aboveTest c (limit + 1) cell) = belowTest c limit cell := by
  show (!decide (limit + 1 ≤ planeAt c cell)) = decide (planeAt c cell ≤ limit)
  by_cases h : planeAt c cell ≤ limit
  · rw [decide_eq_true h, decide_eq_false (by omega)]
    rfl
  · rw [decide_eq_false h, decide_eq_true (by omega)]
    rfl

theorem belowCount_eq {c : List Int} {lo hi : List Nat} (hl : c.length = lo.length) (hh : lo.length = hi.length) (limit : Int) :
    belowCount c lo hi limit = countCells (belowTest c limit) lo hi := by
  have whole := countCells_not (aboveTest c (limit + 1)) hh
  rw [countCells_congr hh (fun cell _ => not_above c limit cell)] at whole
  show cellsIn lo hi - aboveCount c lo hi (limit + 1) = _
  rw [aboveCount_eq hl hh]
  omega

/-- Both sides of a plane at once. -/
theorem sidesCount_eq {c : List Int} {lo hi : List Nat} (hl : c.length = lo.length) (hh : lo.length = hi.length) {below above : Int}
    (h : below < above) :
    sidesCount c lo hi below above = countCells (fun cell => aboveTest c above cell || belowTest c below cell) lo hi := by
  rw [countCells_or hh (by
    intro cell ha hb
    have a := of_decide_eq_true ha
    have b := of_decide_eq_true hb
    omega), ← aboveCount_eq hl hh, ← belowCount_eq hl hh]
  show (withNat (boxProduct c lo hi) fun product => _) = _
  rw [withNat_eq]
  rfl

end TinyVerify
