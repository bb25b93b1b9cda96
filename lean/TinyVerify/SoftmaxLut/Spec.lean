import TinyVerify.Packed.Spec
import TinyVerify.Requantize.Spec
/-!
# softmax_lut: int32 accumulators to table weights and Q0.15 probabilities

Obligations: `softmax_lut.index_in_range`, `softmax_lut.table_monotone`, `softmax_lut.monotone`,
`softmax_lut.sum_bound`.
-/
namespace TinyVerify

/-- Element `i` of a list, 0 outside. -/
def nth : List Int → Nat → Int
  | [], _ => 0
  | z :: _, 0 => z
  | _ :: zs, i + 1 => nth zs i

/-- The largest element; 0 of an empty list. -/
def maximum : List Int → Int
  | [] => 0
  | z :: [] => z
  | z :: y :: ys => max z (maximum (y :: ys))

structure Softmax where
  mode : Rounding
  multiplier : Int
  shift : Nat
  /-- The table's 256 entries, packed like weights. -/
  exp : Nat

def Softmax.params (h : Softmax) : RequantizeParams := ⟨h.multiplier, h.shift, -128, -128, 127⟩

def Softmax.table (h : Softmax) : List Int := unpack 256 h.exp

/-- The int8 code of a difference to the largest accumulator. -/
def Softmax.code (h : Softmax) (difference : Int) : Int := requantize h.mode difference h.params

/-- The table's weight for accumulator `acc` where `top` is the largest. -/
def Softmax.weight (h : Softmax) (top acc : Int) : Int := nth h.table (Int.toNat (h.code (top - acc) + 128))

def Softmax.weightsFrom (h : Softmax) (top : Int) : List Int → List Int
  | [] => []
  | acc :: accs => h.weight top acc :: h.weightsFrom top accs

def Softmax.weights (h : Softmax) (accs : List Int) : List Int := h.weightsFrom (maximum accs) accs

/-- Q0.15: `e / total` rounded, in units of `2^-15`. -/
def probability (e total : Int) : Int := (e * 32768 + total / 2) / total

def probabilitiesFrom (total : Int) : List Int → List Int
  | [] => []
  | e :: es => probability e total :: probabilitiesFrom total es

def probabilities (weights : List Int) : List Int := probabilitiesFrom (sum weights) weights

/-! ### what is claimed of a table -/

/-- Entries never increase, start at 127 and end at 0 or above. -/
structure TableMonotone (table : List Int) : Prop where
  length : table.length = 256
  first : nth table 0 = 127
  notIncreasing : ∀ i j, i ≤ j → j < 256 → nth table j ≤ nth table i
  nonneg : ∀ i, 0 ≤ nth table i

/-- Whatever the accumulators, the table is read inside its 256 entries. -/
def Softmax.IndexInRange (h : Softmax) : Prop :=
  ∀ difference, 0 ≤ h.code difference + 128 ∧ h.code difference + 128 < 256

/-! ### checkers -/

/-- Each entry at most the one before. -/
def descendingFrom (previous : Int) : List Int → Bool
  | [] => true
  | z :: zs => decide (z ≤ previous) && (decide (0 ≤ z) && descendingFrom z zs)

def Softmax.tableOk (h : Softmax) : Bool := decide (nth h.table 0 = 127) && descendingFrom 127 h.table

def Softmax.scaleOk (h : Softmax) : Bool :=
  decide (1073741824 ≤ h.multiplier) && (decide (h.multiplier < 2147483648) && Nat.ble h.shift 31)

end TinyVerify
