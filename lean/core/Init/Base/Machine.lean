prelude
import Init.Base.Classes
/-! Machine words, arrays and strings, as far as Lean's own compiled code needs them: constructor by constructor the layout
of its runtime. `Char`, `String` and `USize` are simplified and not compatible with Lean's; no theorem may rest on them.
Mirrors parts of Lean's `Init.Prelude`. -/
set_option autoImplicit false
set_option linter.all false
set_option bootstrap.genMatcherCode false
universe u v w u1 u2 u3

instance instInhabitedForall {α : Sort u} {β : α → Sort v} [i : (a : α) → Inhabited (β a)] : Inhabited ((a : α) → β a) := ⟨fun _ => default⟩
instance : Inhabited PUnit := ⟨.unit⟩
instance : Inhabited Bool := ⟨false⟩
instance {α : Type u} {β : Type v} [Inhabited α] [Inhabited β] : Inhabited (Prod α β) := ⟨⟨default, default⟩⟩
instance instInhabitedSort : Inhabited (Sort u) := ⟨PUnit⟩
@[inline] unsafe def unsafeCast {α : Sort u} {β : Sort v} (a : α) : β := PULift.down.{u, v} (cast lcProof (PULift.up.{v, u} a))
-- Fixed-width machine types
structure Fin (n : Nat) where mk :: (val : Nat) (isLt : LT.lt val n)
structure BitVec (w : Nat) where ofFin :: (toFin : Fin (HPow.hPow 2 w))
structure UInt8 where ofBitVec :: (toBitVec : BitVec 8)
structure UInt16 where ofBitVec :: (toBitVec : BitVec 16)
structure UInt32 where ofBitVec :: (toBitVec : BitVec 32)
structure UInt64 where ofBitVec :: (toBitVec : BitVec 64)
opaque System.Platform.getNumBits : Unit → Nat
structure USize where ofBitVec :: (toBitVec : BitVec 64)
attribute [extern "lean_uint8_of_nat_mk"] UInt8.ofBitVec
attribute [extern "lean_uint8_to_nat"] UInt8.toBitVec
attribute [extern "lean_uint16_of_nat_mk"] UInt16.ofBitVec
attribute [extern "lean_uint16_to_nat"] UInt16.toBitVec
attribute [extern "lean_uint32_of_nat_mk"] UInt32.ofBitVec
attribute [extern "lean_uint32_to_nat"] UInt32.toBitVec
attribute [extern "lean_uint64_of_nat_mk"] UInt64.ofBitVec
attribute [extern "lean_uint64_to_nat"] UInt64.toBitVec
attribute [extern "lean_usize_of_nat_mk"] USize.ofBitVec
attribute [extern "lean_usize_to_nat"] USize.toBitVec
instance : Inhabited UInt8 := ⟨⟨⟨⟨0, Nat.le_of_ble_eq_true rfl⟩⟩⟩⟩
instance : Inhabited UInt16 := ⟨⟨⟨⟨0, Nat.le_of_ble_eq_true rfl⟩⟩⟩⟩
instance : Inhabited UInt32 := ⟨⟨⟨⟨0, Nat.le_of_ble_eq_true rfl⟩⟩⟩⟩
instance : Inhabited UInt64 := ⟨⟨⟨⟨0, Nat.le_of_ble_eq_true rfl⟩⟩⟩⟩
instance : Inhabited USize := ⟨⟨⟨⟨0, Nat.le_of_ble_eq_true rfl⟩⟩⟩⟩
@[extern "lean_uint8_of_nat"] opaque UInt8.ofNat (n : @& Nat) : UInt8
@[extern "lean_uint32_of_nat"] opaque UInt32.ofNat (n : @& Nat) : UInt32
@[extern "lean_uint64_of_nat"] opaque UInt64.ofNat (n : @& Nat) : UInt64
@[extern "lean_usize_of_nat"] opaque USize.ofNat (n : @& Nat) : USize
instance UInt32.instOfNat {n : Nat} : OfNat UInt32 n := ⟨UInt32.ofNat n⟩
instance UInt64.instOfNat {n : Nat} : OfNat UInt64 n := ⟨UInt64.ofNat n⟩
@[extern "lean_uint64_mix_hash"] opaque mixHash (u₁ u₂ : UInt64) : UInt64
structure Char where mk :: (val : UInt32)
instance : Inhabited Char := ⟨⟨default⟩⟩
@[extern "lean_uint32_of_nat"] opaque Char.ofNat (n : @& Nat) : Char

structure Array (α : Type u) where mk :: (toList : List α)
attribute [extern "lean_array_to_list"] Array.toList
attribute [extern "lean_array_mk"] Array.mk
abbrev List.toArray {α : Type u} (xs : List α) : Array α := Array.mk xs
instance {α : Type u} : Inhabited (List α) := ⟨.nil⟩
instance {α : Type u} : Inhabited (Option α) := ⟨.none⟩
instance {α : Type u} : Inhabited (Array α) := ⟨⟨.nil⟩⟩
@[extern "lean_mk_empty_array_with_capacity"] def Array.mkEmpty {α : Type u} (c : @& Nat) : Array α := ⟨.nil⟩
def Array.empty {α : Type u} : Array α := Array.mkEmpty 0
@[extern "lean_mk_empty_array_with_capacity"] def Array.emptyWithCapacity {α : Type u} (c : @& Nat) : Array α := ⟨.nil⟩
def List.snoc {α : Type u} : List α → α → List α
  | .nil, a => .cons a .nil
  | .cons x xs, a => .cons x (snoc xs a)
def List.length {α : Type u} : List α → Nat
  | .nil => 0
  | .cons _ xs => HAdd.hAdd (length xs) 1
@[extern "lean_array_push"] def Array.push {α : Type u} (a : Array α) (v : α) : Array α := ⟨List.snoc a.toList v⟩
@[extern "lean_array_get_size"] def Array.size {α : Type u} (a : @& Array α) : Nat := List.length a.toList
@[extern "lean_array_get"] opaque Array.get!Internal {α : Type u} [Inhabited α] (a : @& Array α) (i : @& Nat) : α
@[inline] def Array.mkArray0 {α : Type u} : Array α := Array.mkEmpty 0
@[inline] def Array.mkArray1 {α : Type u} (a : α) : Array α := Array.push (Array.mkEmpty 1) a
@[inline] def Array.mkArray2 {α : Type u} (a b : α) : Array α := Array.push (Array.mkArray1 a) b
@[inline] def Array.mkArray3 {α : Type u} (a b c : α) : Array α := Array.push (Array.mkArray2 a b) c
@[inline] def Array.mkArray4 {α : Type u} (a b c d : α) : Array α := Array.push (Array.mkArray3 a b c) d
@[inline] def Array.mkArray5 {α : Type u} (a b c d e : α) : Array α := Array.push (Array.mkArray4 a b c d) e
@[inline] def Array.mkArray6 {α : Type u} (a b c d e f : α) : Array α := Array.push (Array.mkArray5 a b c d e) f
@[inline] def Array.mkArray7 {α : Type u} (a b c d e f g : α) : Array α := Array.push (Array.mkArray6 a b c d e f) g
@[inline] def Array.mkArray8 {α : Type u} (a b c d e f g h : α) : Array α := Array.push (Array.mkArray7 a b c d e f g) h
def List.pushAll {α : Type u} (a : Array α) : List α → Array α
  | .nil => a
  | .cons x xs => pushAll (Array.push a x) xs
def Array.appendCore {α : Type u} (as bs : Array α) : Array α := List.pushAll as bs.toList
def Array.append {α : Type u} (as bs : Array α) : Array α := List.pushAll as bs.toList
instance {α : Type u} : Append (Array α) := ⟨Array.append⟩
def List.dropTake {α : Type u} : Nat → Nat → List α → List α
  | _, _, .nil => .nil
  | .succ n, k, .cons _ xs => dropTake n k xs
  | .zero, .zero, .cons _ _ => .nil
  | .zero, .succ k, .cons x xs => .cons x (dropTake .zero k xs)
def Array.extract {α : Type u} (as : Array α) (start : optParam Nat 0) (stop : optParam Nat as.size) : Array α :=
  List.pushAll Array.empty (List.dropTake start (HSub.hSub stop start) as.toList)
structure ByteArray where mk :: (data : Array UInt8)
attribute [extern "lean_byte_array_mk"] ByteArray.mk
attribute [extern "lean_byte_array_data"] ByteArray.data
structure String where ofByteArray :: (toByteArray : ByteArray)
attribute [extern "lean_string_from_utf8_unchecked"] String.ofByteArray
attribute [extern "lean_string_to_utf8"] String.toByteArray
instance : Inhabited String := ⟨⟨⟨Array.empty⟩⟩⟩
@[extern "lean_string_append"] opaque String.append : String → (@& String) → String
@[extern "lean_string_hash"] protected opaque String.hash (s : @& String) : UInt64
instance : Append String := ⟨String.append⟩
structure String.Pos.Raw where mk :: (byteIdx : Nat)
instance : Inhabited String.Pos.Raw := ⟨⟨0⟩⟩
structure Substring.Raw where mk :: (str : String) (startPos : String.Pos.Raw) (stopPos : String.Pos.Raw)
@[extern "lean_string_utf8_byte_size"] opaque String.utf8ByteSize (s : @& String) : Nat
@[inline] def String.toRawSubstring (s : String) : Substring.Raw := ⟨s, ⟨0⟩, ⟨s.utf8ByteSize⟩⟩
@[inline] def String.toRawSubstring' (s : String) : Substring.Raw := s.toRawSubstring
instance : Inhabited Substring.Raw := ⟨⟨default, default, default⟩⟩

@[inline] def Option.map {α : Type u} {β : Type v} (f : α → β) : Option α → Option β
  | .none => .none
  | .some a => .some (f a)
class Hashable (α : Sort u) where hash : α → UInt64
export Hashable (hash)

inductive Except (ε : Type u) (α : Type v) where | error : ε → Except ε α | ok : α → Except ε α
