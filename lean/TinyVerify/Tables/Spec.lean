import TinyVerify.Normal.Spec
import TinyVerify.Policy.Spec
/-!
# The tables of the heads beside the real functions

`Head.TablesWithin` says of every entry that it is within 0.501 of a code of the exponential, of 127 tanh, or of the normal quantile.
A scale is a ratio of integers, exactly the float32 of the policy. The quantile `x` of a probability `p` is where `Phi x = p`, and Phi
rises, so an entry `e` is within `r` codes of it where `Phi ((e - r) scale) ≤ p ≤ Phi ((e + r) scale)`: that is what is stated.
Obligations: `softmax_lut.table_error`, `sample.table_errors`.
-/
namespace TinyVerify

/-- Property `p` of index and entry, for all 256 of a packed table. -/
def Entries (table : Nat) (p : Nat → Int → Prop) : Prop := ∀ k, k < 256 → p k (nth (unpack 256 table) k)

/-- `|e - exp (a / unit) / scale| ≤ 501 / 1000` -/
def ExpWithin (unit : Nat) (a : Int) (scale : Ratio) (e : Int) : Prop :=
  ExpAtMost unit a (1000 * scale.denominator) ((1000 * e + 501) * scale.numerator) ∧
  ExpAtMost unit (-a) ((1000 * e - 501) * scale.numerator) (1000 * scale.denominator)

/-- `|e - 127 tanh (y / unit)| ≤ 501 / 1000` -/
def TanhWithin (unit : Nat) (y e : Int) : Prop :=
  TanhAtMost unit y (1000 * e + 501) 127000 ∧ TanhAtMost unit (-y) (501 - 1000 * e) 127000

/-- `Phi ((e - 501 / 1000) scale) ≤ (1 + w / q) / 2 ≤ Phi ((e + 501 / 1000) scale)` -/
def QuantileWithin (scale : Ratio) (w : Int) (q : Nat) (e : Int) : Prop :=
  NormalAtMost (1000 * scale.denominator) ((1000 * e - 501) * scale.numerator) w q ∧
  NormalAtMost (1000 * scale.denominator) (-((1000 * e + 501) * scale.numerator)) (-w) q

/-- Of a discrete head: entry `k` and `127 exp (-k step)`. -/
def Softmax.TableWithin (h : Softmax) (step : Ratio) : Prop :=
  Entries h.exp fun k e => ExpWithin step.denominator (-(step.numerator * k : Nat)) ⟨1, 127⟩ e

/-- What one code is of mean, logarithm of the standard deviation, standard deviation and quantile. -/
structure GaussianScales where
  mean : Ratio
  logStd : Ratio
  std : Ratio
  gauss : Ratio

/-- Of a continuous head: `exp` of the logarithm of the standard deviation; `127 tanh` of the mean; the quantile at
`(k + 1/2) / 256 = (1 + (2 k - 255) / 256) / 2`; and beyond the first and the last quantile at most `1/500 = (1 - 249/250) / 2`. -/
structure Gaussian.TablesWithin (g : Gaussian) (s : GaussianScales) : Prop where
  std : Entries g.std fun k e => ExpWithin s.logStd.denominator (s.logStd.numerator * (k - 128 - g.logStd.zeroPoint)) s.std e
  tanh : Entries g.tanh fun k e => TanhWithin s.mean.denominator (s.mean.numerator * (k - 128 - g.mean.zeroPoint)) e
  gauss : Entries g.gauss fun k e => QuantileWithin s.gauss (2 * k - 255) 256 e
  first : NormalAtMost s.gauss.denominator (nth (unpack 256 g.gauss) 0 * s.gauss.numerator) (-249) 250
  last : NormalAtMost s.gauss.denominator (-(nth (unpack 256 g.gauss) 255 * s.gauss.numerator)) (-249) 250

def Head.SoftmaxWithin (head : Head) (step : Ratio) : Prop :=
  match head with
  | .discrete h => h.TableWithin step
  | .continuous _ => False

def Head.GaussianWithin (head : Head) (s : GaussianScales) : Prop :=
  match head with
  | .discrete _ => False
  | .continuous g => g.TablesWithin s

/-! ### checkers -/

/-- For all entries from index `k` on; an entry is given with 128 added. -/
def entriesOk (test : Nat → Nat → Bool) : Nat → Nat → Nat → Bool
  | 0, _, _ => true
  | n + 1, k, table => withNat (Nat.mod table 256) fun b => test k b &&
    withNat (Nat.add k 1) fun j => withNat (Nat.div table 256) fun rest => entriesOk test n j rest

def expWithinOk (unit : Nat) (a : Int) (scale : Ratio) (b : Nat) : Bool :=
  Nat.ble 127499 (Nat.mul 1000 b) &&
    expBothOk unit a (Nat.mul 1000 scale.denominator) (Nat.mul (Nat.sub (Nat.mul 1000 b) 127499) scale.numerator)
      (Nat.mul (Nat.sub (Nat.mul 1000 b) 128501) scale.numerator) (Nat.mul 1000 scale.denominator)

/-- `127 (1 - tanh)` and `127 (1 + tanh)`, with what is allowed, in thousandths; where one is below 0 the bound says nothing. -/
def tanhWithinOk (unit : Nat) (y : Int) (b : Nat) : Bool :=
  Nat.ble 499 (Nat.mul 1000 b) && (Nat.ble (Nat.mul 1000 b) 255501 &&
    expBothOk unit (2 * y) (Nat.sub 254499 (Nat.mul 1000 b)) (Nat.sub (Nat.mul 1000 b) 499)
      (Nat.sub (Nat.mul 1000 b) 1501) (Nat.sub 255501 (Nat.mul 1000 b)))

def Head.softmaxOk (head : Head) (step : Ratio) : Bool :=
  match head with
  | .discrete h => Nat.ble 1 step.denominator &&
    entriesOk (fun k b => expWithinOk step.denominator (natDiff 0 (Nat.mul step.numerator k)) ⟨1, 127⟩ b) 256 0 h.exp
  | .continuous _ => false

/-- `scale (k - 128 - zero)` -/
def argument (scale : Ratio) (zero : Int) (k : Nat) : Int :=
  natDiff (Nat.mul scale.numerator k) (Nat.mul scale.numerator (128 + zero).toNat)

def quantileOk (hn hd hu : Nat) (scale : Ratio) (k b : Nat) : Bool :=
  normalAtMostOk hn hd hu (1000 * scale.denominator)
    (natDiff (Nat.mul (Nat.mul 1000 b) scale.numerator) (Nat.mul 128501 scale.numerator)) (natDiff (Nat.mul 2 k) 255) 256 &&
  normalAtMostOk hn hd hu (1000 * scale.denominator)
    (natDiff (Nat.mul 127499 scale.numerator) (Nat.mul (Nat.mul 1000 b) scale.numerator)) (natDiff 255 (Nat.mul 2 k)) 256

def Gaussian.stdOk (g : Gaussian) (s : GaussianScales) : Bool :=
  decide (-128 ≤ g.logStd.zeroPoint) &&
    entriesOk (fun k b => expWithinOk s.logStd.denominator (argument s.logStd g.logStd.zeroPoint k) s.std b) 256 0 g.std

def Gaussian.tanhTableOk (g : Gaussian) (s : GaussianScales) : Bool :=
  decide (-128 ≤ g.mean.zeroPoint) &&
    entriesOk (fun k b => tanhWithinOk s.mean.denominator (argument s.mean g.mean.zeroPoint k) b) 256 0 g.tanh

def Gaussian.gaussOk (g : Gaussian) (s : GaussianScales) : Bool :=
  withNat (halfPi.num 24) fun hn => withNat (halfPi.den 24) fun hd => withNat (hn + halfPi.top 24) fun hu =>
    entriesOk (fun k b => quantileOk hn hd hu s.gauss k b) 256 0 g.gauss &&
    (normalAtMostOk hn hd hu s.gauss.denominator (nth (unpack 256 g.gauss) 0 * s.gauss.numerator) (-249) 250 &&
    normalAtMostOk hn hd hu s.gauss.denominator (-(nth (unpack 256 g.gauss) 255 * s.gauss.numerator)) (-249) 250)

def Head.gaussianOk (head : Head) (s : GaussianScales) : Bool :=
  match head with
  | .discrete _ => false
  | .continuous g => (Nat.ble 1 s.mean.denominator && (Nat.ble 1 s.logStd.denominator && Nat.ble 1 s.gauss.denominator)) &&
    (g.stdOk s && (g.tanhTableOk s && g.gaussOk s))

end TinyVerify
