import TinyVerify.Bounds.Spec
import TinyVerify.Float32.Spec
import TinyVerify.SoftmaxLut.Spec
/-!
# How far an int8 network may be from its float32 network, on a box of observations

One hidden unit of both networks side by side: the int8 unit follows an affine function `t` of the codes, the float32
unit one `g` of the observation, in the same unit, and `t - g` is small. Where both are surely positive the unit adds
`s t - v g` to the error of an output with weights `s`, `v`; where both are surely negative, nothing; else half of it, up
to `((s - v)+ max |t| + |v| max |t - g|) / 2` from above and the same with `(v - s)+` from below, because `2 max(t, 0) = t + |t|`.
Where `t` is mostly positive it may count whole instead (`sides`), up to `(s - v)+ max(-t) + |v| max |t - g|`, and not at all where it is
mostly negative. These affine functions are added up over the units
before the box is looked at, so that errors cancel as they do in the network. Everything is an integer.
Obligation: `policy.logit_error`.
-/
namespace TinyVerify

/-- The sum of `f i` for `i < d`. -/
def sumTo (f : Nat → Int) : Nat → Int
  | 0 => 0
  | d + 1 => sumTo f d + f d

def sumOver {α : Type} (f : α → Int) : List α → Int
  | [] => 0
  | u :: us => f u + sumOver f us

/-- The largest value of `c z` for `lo ≤ z ≤ hi`. -/
def up (c lo hi : Int) : Int := max c 0 * hi - max (-c) 0 * lo

/-- A hidden unit of both networks.

`m (acc0 + sum w n)` is the int8 unit's value for codes `n`, `gb + sum g x` the float32 unit's; `rounding` and
`floating` bound what the int8 code and float32 arithmetic may change; `s`, `v` are the weights of each output. -/
structure Neuron where
  w : List Int
  m : Int
  acc0 : Int
  g : List Int
  gb : Int
  rounding : Int
  floating : Int
  s : List Int
  v : List Int

/-- One input: a code `n` and an observation `x` in units of the box have `|inv x - (rho n + low + err)| ≤ err`, which is
half a code and what float32 rounding adds. -/
structure Axis where
  inv : Nat
  err : Nat
  low : Nat

/-- `rho`: a code in units of the box; `cap`: the value of `t` at which hidden codes saturate; `sides`: mixed units that are
mostly positive or negative count whole or not at all, which suits one network alone more than the difference of two. -/
structure Pairing where
  rho : Nat
  cap : Int
  sides : Bool
  axes : List Axis
  units : List Neuron

namespace Pairing

def dim (p : Pairing) : Nat := p.axes.length

def axis (p : Pairing) (i : Nat) : Axis := entry ⟨1, 0, 0⟩ p.axes i

/-- Slope of `t` in the code of input `i`. -/
def tCode (p : Pairing) (u : Neuron) (i : Nat) : Int := p.rho * (u.m * nth u.w i)

def tBase (p : Pairing) (u : Neuron) : Int := p.rho * (u.m * u.acc0)

/-- Slope of `t - g` in observation `i`. -/
def dSlope (p : Pairing) (u : Neuron) (i : Nat) : Int := u.m * nth u.w i * (p.axis i).inv - nth u.g i

/-- `t` as a function of the observation: its constant. -/
def shifted (p : Pairing) (u : Neuron) : Int :=
  p.tBase u - sumTo (fun i => u.m * nth u.w i * ((p.axis i).low + (p.axis i).err)) p.dim

def dBase (p : Pairing) (u : Neuron) : Int := p.shifted u - u.gb

/-- What the offsets between code and observation may add to `t - g`. -/
def dError (p : Pairing) (u : Neuron) : Int :=
  sumTo (fun i => ((u.m * nth u.w i).natAbs : Int) * (p.axis i).err) p.dim

end Pairing

/-- Codes `lo i ≤ n i ≤ hi i`. -/
structure Cell where
  lo : List Nat
  hi : List Nat

namespace Cell

def low (c : Cell) (i : Nat) : Int := (entry 0 c.lo i : Nat)
def high (c : Cell) (i : Nat) : Int := (entry 0 c.hi i : Nat)

/-- The observations with such codes, in units of the box. -/
def xLow (c : Cell) (p : Pairing) (i : Nat) : Int :=
  ((p.rho * entry 0 c.lo i + (p.axis i).low) / (p.axis i).inv : Nat)

def xHigh (c : Cell) (p : Pairing) (i : Nat) : Int :=
  ((p.rho * entry 0 c.hi i + (p.axis i).low + 2 * (p.axis i).err) / (p.axis i).inv + 1 : Nat)

/-! ### one unit -/

/-- `t ≤ tHigh` and `-t ≤ tLow`. -/
def tHigh (c : Cell) (p : Pairing) (u : Neuron) : Int :=
  p.tBase u + sumTo (fun i => up (p.tCode u i) (c.low i) (c.high i)) p.dim

def tLow (c : Cell) (p : Pairing) (u : Neuron) : Int :=
  -p.tBase u + sumTo (fun i => up (-p.tCode u i) (c.low i) (c.high i)) p.dim

/-- `t - g ≤ dHigh` and `g - t ≤ dLow`. -/
def dHigh (c : Cell) (p : Pairing) (u : Neuron) : Int :=
  p.dBase u + p.dError u + sumTo (fun i => up (p.dSlope u i) (c.xLow p i) (c.xHigh p i)) p.dim

def dLow (c : Cell) (p : Pairing) (u : Neuron) : Int :=
  -p.dBase u + p.dError u + sumTo (fun i => up (-p.dSlope u i) (c.xLow p i) (c.xHigh p i)) p.dim

/-- `|t| ≤ tMost`, `|t - g| ≤ dMost` -/
def tMost (c : Cell) (p : Pairing) (u : Neuron) : Int := max (c.tHigh p u) (c.tLow p u)

def dMost (c : Cell) (p : Pairing) (u : Neuron) : Int := max (c.dHigh p u) (c.dLow p u)

/-- 1 where both networks' units are surely not negative, else 0. -/
def on (c : Cell) (p : Pairing) (u : Neuron) : Int := if c.dMost p u + c.tLow p u ≤ 0 then 1 else 0

/-- 1 where both are surely negative. -/
def off (c : Cell) (p : Pairing) (u : Neuron) : Int := if c.tHigh p u + c.dMost p u < 0 then 1 else 0

/-- What saturation of the hidden code may take away. -/
def excess (c : Cell) (p : Pairing) (u : Neuron) : Int := max (c.tHigh p u - p.cap) 0

def mixed (c : Cell) (p : Pairing) (u : Neuron) : Int := 1 - c.on p u - c.off p u

/-- 1 where the unit is mixed and `t` reaches at least twice as far above zero as below. -/
def mostlyOn (c : Cell) (p : Pairing) (u : Neuron) : Int :=
  c.mixed p u * (if p.sides = true ∧ 0 ≤ c.tHigh p u - 2 * c.tLow p u then 1 else 0)

/-- 1 where it is mixed and `t` reaches more than twice as far below. -/
def mostlyOff (c : Cell) (p : Pairing) (u : Neuron) : Int :=
  c.mixed p u * (if p.sides = true ∧ 0 ≤ c.tLow p u - 2 * c.tHigh p u - 1 then 1 else 0)

def half (c : Cell) (p : Pairing) (u : Neuron) : Int := c.mixed p u - (c.mostlyOn p u + c.mostlyOff p u)

/-- Twice the slope. -/
def slope (c : Cell) (p : Pairing) (u : Neuron) : Int := 1 + (c.on p u + c.mostlyOn p u) - (c.off p u + c.mostlyOff p u)

/-- Twice how far `max(t, 0)` may lie above the line of that slope. -/
def above (c : Cell) (p : Pairing) (u : Neuron) : Int :=
  c.half p u * c.tMost p u + 2 * (c.mostlyOn p u * max (c.tLow p u) 0 + c.mostlyOff p u * max (c.tHigh p u) 0)

/-- Twice how far this may differ between the two networks. -/
def apart (c : Cell) (p : Pairing) (u : Neuron) : Int :=
  c.mixed p u * c.dMost p u + (c.mostlyOn p u + c.mostlyOff p u) * c.dMost p u

/-! ### one output -/

/-- Twice the slope of the error in observation `i`. -/
def xSlope (c : Cell) (p : Pairing) (k i : Nat) : Int :=
  sumOver (fun u => c.slope p u * (nth u.s k * (u.m * nth u.w i * (p.axis i).inv) - nth u.v k * nth u.g i)) p.units

/-- Twice its slope in the offset between code and observation. -/
def eSlope (c : Cell) (p : Pairing) (k i : Nat) : Int :=
  sumOver (fun u => c.slope p u * (nth u.s k * (u.m * nth u.w i))) p.units

def constant (c : Cell) (p : Pairing) (k : Nat) : Int :=
  sumOver (fun u => c.slope p u * (nth u.s k * p.shifted u - nth u.v k * u.gb)) p.units

/-- Twice what the affine functions leave out, from above (`turn = 1`) or below (`turn = -1`). -/
def residual (c : Cell) (p : Pairing) (k : Nat) (turn : Int) : Int :=
  sumOver (fun u => c.above p u * max (turn * (nth u.s k - nth u.v k)) 0) p.units +
  sumOver (fun u => c.apart p u * ((nth u.v k).natAbs : Int)) p.units +
  sumOver (fun u => (1 - c.off p u) * (2 * ((nth u.s k).natAbs * u.rounding))) p.units +
  sumOver (fun u => c.excess p u * (2 * ((nth u.s k).natAbs : Int))) p.units +
  sumOver (fun u => 2 * ((nth u.v k).natAbs * u.floating)) p.units

def offsets (c : Cell) (p : Pairing) (k : Nat) : Int :=
  sumTo (fun i => ((c.eSlope p k i).natAbs : Int) * (p.axis i).err) p.dim

/-- Twice the error's upper bound, and that of its negative. -/
def errorHigh (c : Cell) (p : Pairing) (k : Nat) : Int :=
  c.constant p k + sumTo (fun i => up (c.xSlope p k i) (c.xLow p i) (c.xHigh p i)) p.dim + c.offsets p k + c.residual p k 1

def errorLow (c : Cell) (p : Pairing) (k : Nat) : Int :=
  -c.constant p k + sumTo (fun i => up (-c.xSlope p k i) (c.xLow p i) (c.xHigh p i)) p.dim + c.offsets p k + c.residual p k (-1)

end Cell

end TinyVerify
