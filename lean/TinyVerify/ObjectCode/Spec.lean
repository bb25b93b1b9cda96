import TinyVerify.ObjectCode.Observation
/-!
# object code: what one run of `tv_infer` computes, and when it is the policy

The symbolic run of the linked ELF is recorded operation by operation and printed as a `Program`: for every
layer the expression that ends as each of its values. `Program.accumulators` and `Program.result` say what
the expressions mean, on unbounded integers with every wrap-around of a register written out. The checker
`Program.ok` compares them with a policy. Obligation: `kernel.object_code`.

Not said here: that the expressions are what the instructions compute (the symbolic run). With `Observation.lean`, which
says what is made of a float32 pattern, this is all that the theorem says.
-/
namespace TinyVerify.ObjectCode

/-- An integer computed from the values of the layer before. -/
inductive Expr where
  /-- Value `i` of the layer before. -/
  | value (i : Nat)
  /-- The sum of all `n` values of the layer before, each times an int8; packed like a row of weights. -/
  | dot (n weights : Nat)
  | const (k : Int)
  | add (e : Expr) (k : Int)
  | mul (e : Expr) (k : Int)
  /-- Division by `2^k`, rounded down: an arithmetic shift right. -/
  | floor (e : Expr) (k : Nat)
  | signed (e : Expr) (bits : Nat)
  | unsigned (e : Expr) (bits : Nat)
  | clamp (e : Expr) (lo hi : Int)
  | max (e : Expr) (k : Int)
  | min (e : Expr) (k : Int)
  /-- `if c * m + k ≥ 0 then a else b` -/
  | select (c : Expr) (m k : Int) (a b : Expr)
  /-- Two 32-bit registers as one signed 64-bit number. -/
  | join (low high : Expr)
  /-- `e` plus the carry out of the low 32 bits of `low + k`. -/
  | carry (e low : Expr) (k : Int)
  /-- Two words put together. -/
  | plus (a b : Expr)

def Expr.eval (x : List Int) : Expr → Int
  | value i => nth x i
  | dot n weights => sum (products (unpack n weights) x)
  | const k => k
  | add e k => e.eval x + k
  | mul e k => e.eval x * k
  | floor e k => asr (e.eval x) k
  | signed e bits => signedBits bits (e.eval x)
  | unsigned e bits => unsignedBits bits (e.eval x)
  | clamp e lo hi => TinyVerify.clamp (e.eval x) lo hi
  | max e k => Max.max (e.eval x) k
  | min e k => Min.min (e.eval x) k
  | select c m k a b => if 0 ≤ c.eval x * m + k then a.eval x else b.eval x
  | join low high => signedBits 64 (unsignedBits 32 (low.eval x) + high.eval x * 4294967296)
  | carry e low k => e.eval x + asr (unsignedBits 32 (low.eval x) + k) 32
  | plus a b => a.eval x + b.eval x

def evalAll (x : List Int) : List Expr → List Int
  | [] => []
  | e :: es => e.eval x :: evalAll x es

/-- One layer after the other. -/
def runLayers : List (List Expr) → List Int → List Int
  | [], x => x
  | layer :: layers, x => runLayers layers (evalAll x layer)

/-! ### the head: a choice among accumulators, or a table -/

/-- What a step reads. -/
inductive Source where
  /-- An accumulator. -/
  | acc (i : Nat)
  /-- The result of an earlier step; 0 is the last one. -/
  | step (i : Nat)
  | const (k : Int)
  /-- A number that nothing is known of: an address or a register of the caller, as compilers leave it in branches that
  are never taken. -/
  | unknown (i : Nat)

def Source.eval (x unknowns done : List Int) : Source → Int
  | acc i => nth x i
  | step i => nth done i
  | const k => k
  | unknown i => nth unknowns i

/-- One operation on words. -/
inductive Step where
  /-- `if a - b + k ≥ 0 then p else q` -/
  | ite (a b : Source) (k : Int) (p q : Source)
  | max (a b : Source)
  | min (a b : Source)
  | add (a b : Source)
  | mul (a : Source) (k : Int)
  | floor (a : Source) (k : Nat)
  | signed (a : Source) (bits : Nat)
  | unsigned (a : Source) (bits : Nat)

def Step.eval (x unknowns done : List Int) : Step → Int
  | ite a b k p q =>
    if 0 ≤ a.eval x unknowns done - b.eval x unknowns done + k then p.eval x unknowns done else q.eval x unknowns done
  | max a b => Max.max (a.eval x unknowns done) (b.eval x unknowns done)
  | min a b => Min.min (a.eval x unknowns done) (b.eval x unknowns done)
  | add a b => a.eval x unknowns done + b.eval x unknowns done
  | mul a k => a.eval x unknowns done * k
  | floor a k => asr (a.eval x unknowns done) k
  | signed a bits => signedBits bits (a.eval x unknowns done)
  | unsigned a bits => unsignedBits bits (a.eval x unknowns done)

/-- One step after the other, on the results of earlier ones: the last result first. -/
def runSteps (x unknowns : List Int) : List Step → List Int → List Int
  | [], done => done
  | s :: steps, done => runSteps x unknowns steps (s.eval x unknowns done :: done)

/-- What is computed from the accumulators by comparing them: their maximum, or the index of it. -/
structure Selection where
  steps : List Step
  result : Source

def Selection.eval (s : Selection) (x unknowns : List Int) : Int :=
  s.result.eval x unknowns (runSteps x unknowns s.steps [])

/-- How the action is computed from the accumulators. -/
inductive Last where
  /-- An index. -/
  | index (s : Selection)
  /-- The signed byte of a table of 256 at an index. -/
  | table (index : Expr) (table : Nat)

def Last.eval (x unknowns : List Int) : Last → Int
  | index s => s.eval x unknowns
  | table e packed => nth (unpack 256 packed) (Int.toNat (e.eval x))

/-! ### softmax weights and probabilities -/

/-- A word put together from others. -/
inductive Word where
  | value (i : Nat)
  | const (k : Int)
  | add (a b : Word)
  | mul (a : Word) (k : Int)
  | floor (a : Word) (k : Nat)
  | signed (a : Word) (bits : Nat)
  | unsigned (a : Word) (bits : Nat)

def Word.eval (x : List Int) : Word → Int
  | value i => nth x i
  | const k => k
  | add a b => a.eval x + b.eval x
  | mul a k => a.eval x * k
  | floor a k => asr (a.eval x) k
  | signed a bits => signedBits bits (a.eval x)
  | unsigned a bits => unsignedBits bits (a.eval x)

def wordsOf (x : List Int) : List Word → List Int
  | [] => []
  | w :: ws => w.eval x :: wordsOf x ws

/-- A division of unsigned words. -/
structure Quotient where
  numerator : Word
  denominator : Word

/-- Rounded down; by zero it gives zero. -/
def quotientsOf (x : List Int) : List Quotient → List Int
  | [] => []
  | q :: qs => q.numerator.eval x / q.denominator.eval x :: quotientsOf x qs

/-- How the weights and probabilities of the actions are computed. -/
structure Distribution where
  /-- The largest accumulator. -/
  largest : Selection
  /-- What is taken from it, from the values of the last hidden layer: the accumulators, wrapped around or not. -/
  subtracted : List Expr
  /-- Where the table is read, from the differences. -/
  indices : List Expr
  /-- The table's 256 bytes, packed like weights. -/
  table : Nat
  /-- What is stored as weights, from the bytes that are read. -/
  weights : List Word
  /-- The divisions, of words from these bytes. -/
  quotients : List Quotient
  /-- What is stored as probabilities, from the quotients. -/
  probabilities : List Word

/-- `top` less each number, in a word. -/
def differences (top : Int) : List Int → List Int
  | [] => []
  | z :: zs => signedBits 32 (top - z) :: differences top zs

/-- The unsigned byte of a table at each index. -/
def bytesAt (table : Nat) : List Int → List Int
  | [] => []
  | i :: is => unsignedBits 8 (nth (unpack 256 table) (Int.toNat i)) :: bytesAt table is

/-- The bytes that are read, from the last hidden layer's values and the accumulators. -/
def Distribution.bytes (d : Distribution) (x accs unknowns : List Int) : List Int :=
  bytesAt d.table (evalAll (differences (d.largest.eval accs unknowns) (evalAll x d.subtracted)) d.indices)

/-! ### floats of integers -/

/-- What a vector conversion of an int32 to float32 and a vector multiplication by a positive normal `factor`
give together, without its sign: two roundings to nearest, ties to even. The product is zero where it is below
`2^-126` before it is rounded, and an infinity where it is too large. -/
def vectorMagnitude (z : Int) (factor : Nat) : Nat :=
  let a := f32Nearest (z.natAbs * 2 ^ 149) 0
  let exact := flushed a * flushed factor * 2 ^ (f32Scale a + f32Scale factor)
  if exact < 2 ^ 172 then 0 else f32Nearest exact 149

/-- The pattern. -/
def floated (z : Int) (factor : Nat) : Nat :=
  if z < 0 then 2147483648 + vectorMagnitude z factor else vectorMagnitude z factor

/-- A float: an integer converted, times the float32 with pattern `factor`. -/
structure Scaled where
  value : Expr
  factor : Nat

def scaleAll (x : List Int) : List Scaled → List Nat
  | [] => []
  | s :: ss => floated (s.value.eval x) s.factor :: scaleAll x ss

def floatedBy (z : Int) : List Nat → List Nat
  | [] => []
  | factor :: factors => floated z factor :: floatedBy z factors

/-! ### a recorded run -/

structure Program where
  /-- How each observation becomes an int32. -/
  borders : List Border
  /-- The int8 codes, from the converted observations. -/
  codes : List Expr
  hidden : List (List Expr)
  /-- The accumulators. -/
  last : List Expr
  /-- The logits, from the accumulators. -/
  logits : List Scaled
  action : Last
  /-- What the code of a continuous action is converted and multiplied by; none for an index. -/
  actionFactors : List Nat
  /-- None for a continuous policy. -/
  distribution : Option Distribution
  /-- The fault flags in the output, and those that are returned. -/
  faults : Flags
  returned : Flags

/-- The values that the accumulators are computed from, for observations given as float32 patterns. -/
def Program.values (run : Program) (observation : List Nat) : List Int :=
  runLayers run.hidden (evalAll (convertAll run.borders observation) run.codes)

/-- The accumulators that the run leaves. -/
def Program.accumulators (run : Program) (observation : List Nat) : List Int :=
  evalAll (run.values observation) run.last

/-- The discrete action, or the code of the continuous one. -/
def Program.result (run : Program) (observation : List Nat) (unknowns : List Int) : Int :=
  run.action.eval (run.accumulators observation) unknowns

/-- The logits that the run leaves, as float32 patterns. -/
def Program.logitPatterns (run : Program) (observation : List Nat) : List Nat :=
  scaleAll (run.accumulators observation) run.logits

/-- The continuous action that the run leaves, as a float32 pattern; none for a discrete one. -/
def Program.actionPatterns (run : Program) (observation : List Nat) (unknowns : List Int) : List Nat :=
  floatedBy (run.result observation unknowns) run.actionFactors

/-- The softmax weights that the run leaves; none for a continuous policy. -/
def Program.weights (run : Program) (observation : List Nat) (unknowns : List Int) : List Int :=
  match run.distribution with
  | some d => wordsOf (d.bytes (run.values observation) (run.accumulators observation) unknowns) d.weights
  | none => []

/-- The probabilities that the run leaves, in units of `2^-15`; none for a continuous policy. -/
def Program.probabilities (run : Program) (observation : List Nat) (unknowns : List Int) : List Int :=
  match run.distribution with
  | some d => wordsOf (quotientsOf (d.bytes (run.values observation) (run.accumulators observation) unknowns) d.quotients) d.probabilities
  | none => []

/-! ### the reference -/

def quantizeAll : List Feature → List Nat → List Int
  | f :: fs, bits :: rest => quantizeF32 bits f.invScale f.zeroPoint :: quantizeAll fs rest
  | _, _ => []

def anyBits (test : Nat → Bool) : List Nat → Bool
  | [] => false
  | bits :: rest => test bits || anyBits test rest

/-- 1 for a NaN and 2 for an infinity. -/
def flagsOf (nan infinite : Bool) : Int :=
  (match nan with
  | true => 1
  | false => 0) +
  (match infinite with
  | true => 2
  | false => 0)

/-- The fault flags of an observation: which of both it holds. -/
def referenceFaults (observation : List Nat) : Int :=
  flagsOf (anyBits f32IsNaN observation) (anyBits f32IsInfinite observation)

/-- The accumulators that the policy defines. -/
def referenceAccumulators (p : Policy) (observation : List Nat) : List Int :=
  p.network.run (quantizeAll p.input observation)

/-- The action that the head defines: the arg max, or the code of the action without noise. -/
def actionOf (head : Head) (accs : List Int) : Int :=
  match head with
  | .discrete _ => (argMax accs : Nat)
  | .continuous g => g.actionFor (nth accs 0) (nth accs 1) 0

/-- The softmax weights that the head defines; none for a continuous policy. -/
def weightsOf (head : Head) (accs : List Int) : List Int :=
  match head with
  | .discrete h => h.weights accs
  | .continuous _ => []

/-- The probabilities that the head defines, in units of `2^-15`; none for a continuous policy. -/
def probabilitiesOf (head : Head) (accs : List Int) : List Int :=
  match head with
  | .discrete h => probabilities (h.weights accs)
  | .continuous _ => []

/-- The logits that accumulators are, for one scale each. -/
def logitsOf : List Nat → List Int → List Nat
  | scale :: scales, acc :: accs => dequantize acc scale :: logitsOf scales accs
  | _, _ => []

/-- `dequantize` of one integer, with each of the scales. -/
def dequantizedBy (z : Int) : List Nat → List Nat
  | [] => []
  | scale :: scales => dequantize z scale :: dequantizedBy z scales

/-- `kernel.object_code`: for all observations, NaN and infinities included, and whatever is in the addresses and
registers that it knows nothing of, the recorded run leaves and returns the fault flags and leaves the policy's
accumulators, its logits with the scales `logitScales`, its action, a continuous action's float with the scale in
`actionScales` (none for a discrete policy), and a discrete policy's softmax weights and probabilities. -/
def Program.Computes (run : Program) (p : Policy) (logitScales actionScales : List Nat) : Prop :=
  ∀ (observation : List Nat) (unknowns : List Int), observation.length = p.input.length →
    run.faults.eval observation = referenceFaults observation ∧
    run.returned.eval observation = referenceFaults observation ∧
    run.accumulators observation = referenceAccumulators p observation ∧
    run.logitPatterns observation = logitsOf logitScales (referenceAccumulators p observation) ∧
    run.result observation unknowns = actionOf p.head (referenceAccumulators p observation) ∧
    run.actionPatterns observation unknowns = dequantizedBy (actionOf p.head (referenceAccumulators p observation)) actionScales ∧
    run.weights observation unknowns = weightsOf p.head (referenceAccumulators p observation) ∧
    run.probabilities observation unknowns = probabilitiesOf p.head (referenceAccumulators p observation)

end TinyVerify.ObjectCode
