import TinyVerify.Memory.Spec
import TinyVerify.Network.Spec
import TinyVerify.Requantize.Bounds
import TinyVerify.Relu.Spec
import TinyVerify.Sample.Spec
import TinyVerify.QuantizeF32.Spec
import TinyVerify.Dequantize.Spec
/-!
# A policy, and what is claimed of it

A bundle's generated file defines one `Policy` and proves these statements about it, each by running
a checker of this library. The statements are named after the obligations.
-/
namespace TinyVerify

/-- One observation feature: the pattern of a float32 and a zero point. -/
structure Feature where
  invScale : Nat
  zeroPoint : Int

inductive Head where
  | discrete (softmax : Softmax)
  | continuous (gaussian : Gaussian)

structure Policy where
  input : List Feature
  network : Network
  head : Head
  flash : Layout
  ram : Layout
  accesses : List Access

def Head.requantizers : Head → List RequantizeParams
  | .discrete h => [h.params]
  | .continuous g => [g.mean, g.logStd, g.noise]

/-- Every requantizer of the policy: one a channel of the hidden layers, and the head's. -/
def Policy.Requantizer (p : Policy) (q : RequantizeParams) : Prop :=
  (∃ l ∈ p.network.hidden, ∃ s ∈ l.scales, q = l.params s) ∨ q ∈ p.head.requantizers

/-! ### requantize -/

/-- `requantize.half_unit`: the value before the clamp is the real one rounded. -/
def Policy.HalfUnit (p : Policy) : Prop :=
  ∀ q, p.Requantizer q → ∀ acc, RoundsToNearest p.network.mode acc q.multiplier q.shift

/-- `requantize.saturates_only_where_must`: the clamp changes only what lies outside its range. -/
def Policy.SaturatesOnlyWhereMust (p : Policy) : Prop :=
  ∀ q, p.Requantizer q → ∀ acc,
    let r := rescale p.network.mode acc q.multiplier q.shift + q.zeroPoint
    (q.lo ≤ r → r ≤ q.hi → requantize p.network.mode acc q = r) ∧
    (r < q.lo → requantize p.network.mode acc q = q.lo) ∧ (q.hi < r → requantize p.network.mode acc q = q.hi)

/-- `requantize.monotone` -/
def Policy.RequantizeMonotone (p : Policy) : Prop :=
  ∀ q, p.Requantizer q → ∀ a b, a ≤ b → requantize p.network.mode a q ≤ requantize p.network.mode b q

/-- `requantize.product_fits_int64`: 64-bit products and sums and a 32-bit rounded value suffice for
every int32 accumulator, and the result is an int8. -/
def Policy.ProductFits (p : Policy) : Prop :=
  ∀ q, p.Requantizer q → ∀ acc, Int32 acc →
    requantizeMachine p.network.mode acc q = requantize p.network.mode acc q ∧ Int8 (requantize p.network.mode acc q)

/-- `requantize.rounding_fits_int32`: with the accumulators that this policy can produce, 32 bits
hold everything after the product. -/
def Policy.RoundingFits (p : Policy) : Prop :=
  (∀ l ∈ p.network.hidden, ∀ c ∈ channels l.dense.rows l.scales, ∀ x : List Int, (∀ z ∈ x, Int8 z) →
    Fits32 p.network.mode (accumulate c.row.bias (l.dense.weights c.row) x) (l.params c.scale)) ∧
  match p.head with
  | .discrete h => ∀ x : List Int, (∀ z ∈ x, Int8 z) →
      ∀ a ∈ p.network.run x, ∀ b ∈ p.network.run x, Fits32 p.network.mode (a - b) h.params
  | .continuous g =>
    (∀ x : List Int, (∀ z ∈ x, Int8 z) → ∀ a ∈ p.network.run x,
      Fits32 p.network.mode a g.mean ∧ Fits32 p.network.mode a g.logStd) ∧
    ∀ s z : Int, Int8 s → Int8 z → Fits32 p.network.mode (s * z) g.noise

/-- Every requantizer in the order of the layers, then the head's. -/
def Policy.requantizers (p : Policy) : List RequantizeParams :=
  before (join (List.map (fun l : Hidden => List.map l.params l.scales) p.network.hidden)) p.head.requantizers

/-- `requantize.multiplier_exact`: multiplier and shift are the fixed point nearest to the real scale. -/
def Policy.MultiplierExact (p : Policy) (scales : List Ratio) : Prop := NearestAll p.requantizers scales

def Policy.multiplierOk (p : Policy) (scales : List Ratio) : Bool := nearestAllOk p.requantizers scales

/-- `relu.fused_clamp`: each hidden channel is requantize with the whole int8 range, then relu. -/
def Policy.ReluFused (p : Policy) : Prop :=
  ∀ l ∈ p.network.hidden, ∀ s ∈ l.scales, ∀ acc,
    relu (requantize p.network.mode acc ⟨s.multiplier, s.shift, l.zeroPoint, -128, 127⟩) l.zeroPoint =
      requantize p.network.mode acc (l.params s)

/-! ### tables and heads -/

/-- `softmax_lut.index_in_range`, `sample.table_index_in_range`: every table is read inside its 256 entries. -/
def Policy.IndexInRange (p : Policy) : Prop :=
  match p.head with
  | .discrete h => h.IndexInRange
  | .continuous g => g.IndexInRange

/-- `softmax_lut.table_monotone` -/
def Policy.TableMonotone (p : Policy) : Prop :=
  match p.head with
  | .discrete h => TinyVerify.TableMonotone h.table
  | .continuous _ => True

/-- `softmax_lut.sum_near_one`: for all accumulators of at least one action, each Q0.15 probability
lies in `[0, 2^15]` and their sum differs from `2^15` by at most half a unit an action. -/
def Policy.SumNearOne (p : Policy) : Prop :=
  match p.head with
  | .discrete h => ∀ accs : List Int, accs ≠ [] →
      (∀ q ∈ probabilities (h.weights accs), 0 ≤ q ∧ q ≤ 32768) ∧
      -(accs.length : Int) ≤ 2 * (sum (probabilities (h.weights accs)) - 32768) ∧
      2 * (sum (probabilities (h.weights accs)) - 32768) ≤ (accs.length : Int)
  | .continuous _ => True

/-- `sample.action_in_range`: for every random word sampling finds an action. -/
def Policy.ActionInRange (p : Policy) : Prop :=
  match p.head with
  | .discrete h => ∀ accs : List Int, accs ≠ [] → ∀ random : Int, 0 ≤ random → random < 4294967296 →
      sampleDiscrete (h.weights accs) random < accs.length
  | .continuous _ => True

/-- `sample.action_bounded`: the action's code lies in `[-127, 127]`. -/
def Policy.ActionBounded (p : Policy) : Prop :=
  match p.head with
  | .discrete _ => True
  | .continuous g => ∀ mean logStd z, -127 ≤ g.actionFor mean logStd z ∧ g.actionFor mean logStd z ≤ 127

/-- `quantize_f32.defined`: every float32 pattern gives an int8 code. -/
def Policy.QuantizeDefined (p : Policy) : Prop :=
  ∀ f ∈ p.input, ∀ bits, bits < 4294967296 → Int8 (quantizeF32 bits f.invScale f.zeroPoint)

/-- `layout.sized` -/
def Policy.Sized (p : Policy) : Prop := ∀ a ∈ p.accesses, a.Sized

/-! ### checkers -/

def rowBound (d : Dense) (r : Row) : Nat := 128 * absSumFast d.inputs r.packed + Int.natAbs r.bias

def Head.ok : Head → Bool
  | .discrete h => h.scaleOk
  | .continuous g => g.ok

def Policy.requantizeOk (p : Policy) : Bool := p.network.requantizeOk && p.head.ok

def channelsOk (l : Hidden) : Bool :=
  all (fun c : Channel => fits32Ok (rowBound l.dense c.row) (l.params c.scale)) (channels l.dense.rows l.scales)

/-- Twice the largest bound of an output, for a difference of two. -/
def outputsOk (d : Dense) (times : Nat) (q : RequantizeParams) : Bool :=
  all (fun r : Row => fits32Ok (times * rowBound d r) q) d.rows

def Policy.roundingOk (p : Policy) : Bool :=
  all channelsOk p.network.hidden &&
    match p.head with
    | .discrete h => outputsOk p.network.last 2 h.params
    | .continuous g => outputsOk p.network.last 1 g.mean && (outputsOk p.network.last 1 g.logStd && fits32Ok 16384 g.noise)

def Policy.tableOk (p : Policy) : Bool :=
  match p.head with
  | .discrete h => h.tableOk
  | .continuous g => all (fun z => decide (-127 ≤ z)) (unpack 256 g.tanh)

def Policy.inputOk (p : Policy) : Bool :=
  all (fun f : Feature => decide (-128 ≤ f.zeroPoint) && decide (f.zeroPoint ≤ 127)) p.input

def Policy.sizedOk (p : Policy) : Bool := all Access.ok p.accesses

end TinyVerify
