import TinyVerify.Basic.Sum
/-!
# Rows of int8 packed into one number

A row of `n` weights is the number whose base-256 digits, least significant first, are `weight + 128`.
The definitions with `fast` in their name compute in a dozen operations on big numbers, which the
kernel does natively, what `absSum (unpack n p)` says in `n` steps. The theorem that they agree is
`absSumFast_eq`.
-/
namespace TinyVerify

/-- The `n` int8 values that `p` packs. -/
def unpack : Nat → Nat → List Int
  | 0, _ => []
  | n + 1, p => (((p % 256 : Nat) : Int) - 128) :: unpack n (p / 256)

/-- `1 + 256 + 256^2 + ...`, `n` summands. -/
def ones : Nat → Nat
  | 0 => 0
  | n + 1 => 256 * ones n + 1

/-- `1 + 2^32 + 2^64 + ...`, `n` summands. -/
def wordOnes : Nat → Nat
  | 0 => 0
  | n + 1 => 4294967296 * wordOnes n + 1

/-- Sum of the lowest `n` bytes of a number. -/
def byteSum : Nat → Nat → Nat
  | 0, _ => 0
  | n + 1, p => p % 256 + byteSum n (p / 256)

/-- A byte's distance from 128: the absolute value of the weight that it encodes. -/
def byteAbs (u : Nat) : Nat := if u < 128 then 128 - u else u - 128

/-- The absolute values of the weights, packed as bytes. -/
def packedAbs : Nat → Nat → Nat
  | 0, _ => 0
  | n + 1, p => byteAbs (p % 256) + 256 * packedAbs n (p / 256)

def onesFast (n : Nat) : Nat := (Nat.pow 256 n - 1) / 255

def wordOnesFast (n : Nat) : Nat := (Nat.pow 4294967296 n - 1) / 4294967295

/-- `packedAbs`: with `g` the sign bits and `s` the bytes of the non-negative weights,
`|w| = 2 s + 128 - 2 g - u` in each byte. -/
def packedAbsFast (n p : Nat) : Nat :=
  let g := Nat.land p (128 * onesFast n)
  let s := Nat.land p (255 * (g / 128))
  2 * s + 128 * onesFast n - (2 * g + p)

/-- Sum of every fourth byte, from the lowest on: the digits of `land` in base `2^32`. -/
def strideSumFast (words p : Nat) : Nat := Nat.mod (Nat.land p (255 * wordOnesFast words)) 4294967295

/-- `byteSum (4 * words)`, four strides. -/
def byteSumFast (words p : Nat) : Nat :=
  strideSumFast words p + strideSumFast words (p / 256) +
    strideSumFast words (p / 65536) + strideSumFast words (p / 16777216)

/-- `absSum (unpack n p)` for `p < 256^n` and `n ≤ 2^24`. -/
def absSumFast (n p : Nat) : Nat := byteSumFast ((n + 3) / 4) (packedAbsFast n p)

end TinyVerify
