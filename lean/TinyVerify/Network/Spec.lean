import TinyVerify.Basic.Lists
import TinyVerify.DenseS8.Spec
import TinyVerify.Packed.Spec
import TinyVerify.Requantize.Spec
/-!
# A policy's layers: dense rows, requantizers, and what they compute

A policy file prints itself as one `Network`. `run` is on unbounded integers, `runMachine` in 32-bit
and 64-bit registers. Obligations: `dense_s8.acc_no_overflow`, `softmax_lut.difference_no_overflow`.
-/
namespace TinyVerify

/-- One output channel: the bias, and the weights packed into one number. -/
structure Row where
  bias : Int
  packed : Nat

structure Dense where
  inputs : Nat
  rows : List Row

def Dense.weights (d : Dense) (r : Row) : List Int := unpack d.inputs r.packed

def evalRows (d : Dense) (x : List Int) : List Row → List Int
  | [] => []
  | r :: rs => accumulate r.bias (d.weights r) x :: evalRows d x rs

def evalRowsMachine (d : Dense) (x : List Int) : List Row → List Int
  | [] => []
  | r :: rs => accumulateMachine r.bias (d.weights r) x :: evalRowsMachine d x rs

/-- The accumulators of a layer. -/
def Dense.eval (d : Dense) (x : List Int) : List Int := evalRows d x d.rows

def Dense.evalMachine (d : Dense) (x : List Int) : List Int := evalRowsMachine d x d.rows

structure Scale where
  multiplier : Int
  shift : Nat

/-- A hidden layer: one scale a row; the zero point is also the lower clamp (ReLU). -/
structure Hidden where
  dense : Dense
  scales : List Scale
  zeroPoint : Int

def Hidden.params (l : Hidden) (s : Scale) : RequantizeParams :=
  ⟨s.multiplier, s.shift, l.zeroPoint, l.zeroPoint, 127⟩

def requantizeAll (mode : Rounding) (l : Hidden) : List Scale → List Int → List Int
  | s :: ss, acc :: accs => requantize mode acc (l.params s) :: requantizeAll mode l ss accs
  | _, _ => []

def requantizeAllMachine (mode : Rounding) (l : Hidden) : List Scale → List Int → List Int
  | s :: ss, acc :: accs => requantizeMachine mode acc (l.params s) :: requantizeAllMachine mode l ss accs
  | _, _ => []

def Hidden.eval (mode : Rounding) (l : Hidden) (x : List Int) : List Int :=
  requantizeAll mode l l.scales (l.dense.eval x)

def Hidden.evalMachine (mode : Rounding) (l : Hidden) (x : List Int) : List Int :=
  requantizeAllMachine mode l l.scales (l.dense.evalMachine x)

def runHidden (mode : Rounding) : List Hidden → List Int → List Int
  | [], x => x
  | l :: ls, x => runHidden mode ls (l.eval mode x)

def runHiddenMachine (mode : Rounding) : List Hidden → List Int → List Int
  | [], x => x
  | l :: ls, x => runHiddenMachine mode ls (l.evalMachine mode x)

structure Network where
  mode : Rounding
  hidden : List Hidden
  last : Dense

/-- Int8 observation codes to the int32 outputs of the last layer. -/
def Network.run (net : Network) (x : List Int) : List Int := net.last.eval (runHidden net.mode net.hidden x)

def Network.runMachine (net : Network) (x : List Int) : List Int :=
  net.last.evalMachine (runHiddenMachine net.mode net.hidden x)

/-! ### what is claimed -/

/-- For all int8 inputs, and in whatever order and grouping a channel's bias and products are added:
no partial sum leaves int32, and 32-bit registers end up holding the integer sum. -/
def Dense.NoOverflow (d : Dense) : Prop :=
  ∀ r ∈ d.rows, ∀ x : List Int, (∀ z ∈ x, Int8 z) → ∀ order : SumTree,
    Perm order.terms (terms r.bias (d.weights r) x) →
      order.Safe ∧ order.machine = accumulate r.bias (d.weights r) x

def Network.NoOverflow (net : Network) : Prop :=
  (∀ l ∈ net.hidden, l.dense.NoOverflow) ∧ net.last.NoOverflow

/-- The machine computes the integer network, for all int8 inputs. -/
def Network.MachineExact (net : Network) : Prop :=
  ∀ x : List Int, (∀ z ∈ x, Int8 z) → net.runMachine x = net.run x

/-- The difference of any two outputs is an int32. -/
def Network.DifferenceNoOverflow (net : Network) : Prop :=
  ∀ x : List Int, (∀ z ∈ x, Int8 z) → ∀ a ∈ net.run x, ∀ b ∈ net.run x, Int32 (a - b)

/-- A row and the scale of its requantizer. -/
structure Channel where
  row : Row
  scale : Scale

def channels : List Row → List Scale → List Channel
  | r :: rs, s :: ss => ⟨r, s⟩ :: channels rs ss
  | _, _ => []

/-- One scale a row, and each layer takes as many inputs as the one before gives. -/
def WellShapedFrom (last : Dense) : List Hidden → Nat → Prop
  | [], width => last.inputs = width
  | l :: ls, width => l.dense.inputs = width ∧ l.scales.length = l.dense.rows.length ∧
      WellShapedFrom last ls l.dense.rows.length

def Network.WellShaped (net : Network) (observations outputs : Nat) : Prop :=
  WellShapedFrom net.last net.hidden observations ∧ net.last.rows.length = outputs

/-! ### checkers -/

/-- `128 * sum |w| + |bias| ≤ limit`, and no bits above the row's `inputs` bytes. -/
def rowOk (limit inputs : Nat) (r : Row) : Bool :=
  Nat.ble (r.packed + 1) (Nat.pow 256 inputs) &&
    Nat.ble (128 * absSumFast inputs r.packed + Int.natAbs r.bias) limit

def Dense.ok (limit : Nat) (d : Dense) : Bool :=
  Nat.ble d.inputs 16777216 && all (rowOk limit d.inputs) d.rows

def Network.accOk (net : Network) : Bool :=
  all (fun l : Hidden => l.dense.ok 2147483647) net.hidden && net.last.ok 2147483647

/-- Half of the range for the last layer, so that differences fit. -/
def Network.differenceOk (net : Network) : Bool := net.last.ok 1073741823

def scaleOk (s : Scale) : Bool :=
  decide (1073741824 ≤ s.multiplier) && (decide (s.multiplier < 2147483648) && Nat.ble s.shift 31)

def Hidden.ok (l : Hidden) : Bool :=
  decide (-128 ≤ l.zeroPoint) && (decide (l.zeroPoint ≤ 127) && all scaleOk l.scales)

def Network.requantizeOk (net : Network) : Bool := all Hidden.ok net.hidden

def shapedFrom (last : Dense) : List Hidden → Nat → Bool
  | [], width => Nat.beq last.inputs width
  | l :: ls, width => Nat.beq l.dense.inputs width &&
      (Nat.beq l.scales.length l.dense.rows.length && shapedFrom last ls l.dense.rows.length)

def Network.shapeOk (net : Network) (observations outputs : Nat) : Bool :=
  shapedFrom net.last net.hidden observations && Nat.beq net.last.rows.length outputs

end TinyVerify
