import TinyVerify.Network.Spec
/-!
# A fused layer in 16-bit lanes: what licenses it

A lane holds an accumulator, and the upper half of a multiplier whose lower half is zero. Obligations:
`dense_s8.acc_fits_int16`, `requantize.int16_form`; each is about the hidden layers that the emitter marks.
-/
namespace TinyVerify

/-- Every summand and every partial sum is an int16. -/
def SumTree.FitsInt16 : SumTree → Prop
  | term z => Int16 z
  | add l r => Int16 (l.value + r.value) ∧ l.FitsInt16 ∧ r.FitsInt16

/-- For all int8 inputs, in whatever order and grouping a channel's bias and products are added. -/
def Dense.FitsInt16 (d : Dense) : Prop :=
  ∀ r ∈ d.rows, ∀ x : List Int, (∀ z ∈ x, Int8 z) → ∀ order : SumTree,
    Perm order.terms (terms r.bias (d.weights r) x) → order.FitsInt16

/-- The hidden layers with a mark. -/
def marked : List Hidden → List Bool → List Hidden
  | l :: ls, true :: marks => l :: marked ls marks
  | _ :: ls, false :: marks => marked ls marks
  | _, _ => []

/-- No partial sum of a marked layer leaves a 16-bit lane. -/
def Network.AccFitsInt16 (net : Network) (marks : List Bool) : Prop :=
  ∀ l ∈ marked net.hidden marks, l.dense.FitsInt16

/-- `rescale` by the upper half `m` of a multiplier: `vqrdmulh` or `vqdmulh` of 16 bits, then the shift. -/
def rescaleInt16 (mode : Rounding) (acc m : Int) (shift : Nat) : Int :=
  match mode with
  | .doubleTiesUp => shiftTiesUp (asr (acc * m + 16384) 15) shift
  | .doubleTiesAway => shiftTiesAway (asr (acc * m + 16384) 15) shift
  | .singleTiesUp => asr (acc * m + ((2 ^ (14 + shift) : Nat) : Int)) (15 + shift)

/-- In a marked layer the upper half of every multiplier is an int16, and gives what the whole multiplier gives. -/
def Network.Int16Form (net : Network) (marks : List Bool) : Prop :=
  ∀ l ∈ marked net.hidden marks, ∀ s ∈ l.scales, Int16 (asr s.multiplier 16) ∧
    ∀ (mode : Rounding) (acc : Int),
      rescale mode acc s.multiplier s.shift = rescaleInt16 mode acc (asr s.multiplier 16) s.shift

/-! ### checkers -/

def Network.int16AccOk (net : Network) (marks : List Bool) : Bool :=
  all (fun l : Hidden => l.dense.ok 32767) (marked net.hidden marks)

/-- The lower half of the multiplier is zero. -/
def upperHalfOk (s : Scale) : Bool := scaleOk s && decide (65536 * asr s.multiplier 16 = s.multiplier)

def Network.int16FormOk (net : Network) (marks : List Bool) : Bool :=
  all (fun l : Hidden => all upperHalfOk l.scales) (marked net.hidden marks)

end TinyVerify
