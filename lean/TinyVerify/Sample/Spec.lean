import TinyVerify.SoftmaxLut.Spec
/-!
# sample: an action drawn by table

Obligations: `sample.action_in_range`, `sample.table_index_in_range`. A random word is a number
below `2^32`, given by the caller.
-/
namespace TinyVerify

/-- The threshold `(random * total) >> 32`. -/
def threshold (random total : Int) : Int := asr (random * total) 32

/-- The first index whose running sum exceeds the threshold. -/
def pick : List Int → Int → Nat
  | [], _ => 0
  | e :: es, t => if t < e then 0 else pick es (t - e) + 1

/-- Discrete: weights `e` and a random word to an action. -/
def sampleDiscrete (weights : List Int) (random : Int) : Nat := pick weights (threshold random (sum weights))

/-- A continuous head: requantizers of mean, log_std and noise, and the packed tables. -/
structure Gaussian where
  mode : Rounding
  mean : RequantizeParams
  logStd : RequantizeParams
  noise : RequantizeParams
  std : Nat
  gauss : Nat
  tanh : Nat

namespace Gaussian

/-- Entry `index` of a packed table; every index is a code plus 128 or a byte. -/
def entry (table : Nat) (index : Int) : Int := nth (unpack 256 table) (Int.toNat index)

def logStdIndex (g : Gaussian) (acc : Int) : Int := requantize g.mode acc g.logStd + 128

def gaussIndex (random : Int) : Int := asr random 24

/-- The noise code for a quantile `z`. -/
def noiseCode (g : Gaussian) (acc z : Int) : Int :=
  requantize g.mode (entry g.std (g.logStdIndex acc) * z) g.noise

def tanhIndex (g : Gaussian) (accMean accLogStd z : Int) : Int :=
  clamp (requantize g.mode accMean g.mean + g.noiseCode accLogStd z) (-128) 127 + 128

/-- The action's code for a quantile `z` (0: the deterministic action). -/
def actionFor (g : Gaussian) (accMean accLogStd z : Int) : Int :=
  entry g.tanh (g.tanhIndex accMean accLogStd z)

def action (g : Gaussian) (accMean accLogStd random : Int) : Int :=
  g.actionFor accMean accLogStd (entry g.gauss (gaussIndex random))

/-- Every table is read inside its 256 entries, and no product leaves int16. -/
def IndexInRange (g : Gaussian) : Prop :=
  ∀ accMean accLogStd z random : Int, 0 ≤ random → random < 4294967296 → Int8 z →
    (0 ≤ g.logStdIndex accLogStd ∧ g.logStdIndex accLogStd < 256) ∧
    (0 ≤ gaussIndex random ∧ gaussIndex random < 256) ∧
    (0 ≤ g.tanhIndex accMean accLogStd z ∧ g.tanhIndex accMean accLogStd z < 256) ∧
    (-32768 ≤ entry g.std (g.logStdIndex accLogStd) * z ∧ entry g.std (g.logStdIndex accLogStd) * z ≤ 32767)

def paramsOk (p : RequantizeParams) : Bool :=
  decide (1073741824 ≤ p.multiplier) && (decide (p.multiplier < 2147483648) && (Nat.ble p.shift 31 &&
    (decide (-128 ≤ p.zeroPoint) && (decide (p.zeroPoint ≤ 127) && (decide (p.lo = -128) && decide (p.hi = 127))))))

def ok (g : Gaussian) : Bool := paramsOk g.mean && (paramsOk g.logStd && paramsOk g.noise)

end Gaussian

/-- `s ^= s << 13; s ^= s >> 17; s ^= s << 5` on 32 bits; 0 becomes `0x9E3779B9`. -/
def xorshift32 (state : Nat) : Nat :=
  let s := if state = 0 then 0x9E3779B9 else state
  let a := Nat.xor s (s * 8192 % 4294967296)
  let b := Nat.xor a (a / 131072)
  Nat.xor b (b * 32 % 4294967296)

end TinyVerify
