prelude
import Init.Base.Classes
/-! Functors, monads, readers and the state-and-exception monad that macros run in. Mirrors parts of Lean's `Init.Prelude`. -/
set_option autoImplicit false
set_option linter.all false
set_option bootstrap.genMatcherCode false
universe u v w u1 u2 u3
class Functor (f : Type u → Type v) : Type (max (u+1) v) where
  map : {α β : Type u} → (α → β) → f α → f β
  mapConst : {α β : Type u} → α → f β → f α := fun a x => map (fun _ => a) x
class Pure (f : Type u → Type v) : Type (max (u+1) v) where
  pure : {α : Type u} → α → f α
export Pure (pure)
class Seq (f : Type u → Type v) : Type (max (u+1) v) where
  seq : {α β : Type u} → f (α → β) → (Unit → f α) → f β
class SeqLeft (f : Type u → Type v) : Type (max (u+1) v) where
  seqLeft : {α β : Type u} → f α → (Unit → f β) → f α
class SeqRight (f : Type u → Type v) : Type (max (u+1) v) where
  seqRight : {α β : Type u} → f α → (Unit → f β) → f β
class Bind (m : Type u → Type v) : Type (max (u+1) v) where
  bind : {α β : Type u} → m α → (α → m β) → m β
export Bind (bind)
class Applicative (f : Type u → Type v) extends Functor f, Pure f, Seq f, SeqLeft f, SeqRight f where
  map := fun x y => Seq.seq (pure x) (fun _ => y)
  seqLeft := fun a b => Seq.seq (Functor.map (Function.const _) a) b
  seqRight := fun a b => Seq.seq (Functor.map (Function.const _ id) a) b
class Monad (m : Type u → Type v) : Type (max (u+1) v) extends Applicative m, Bind m where
  map f x := bind x (fun a => pure (f a))
  seq f x := bind f (fun y => Functor.map y (x Unit.unit))
  seqLeft x y := bind x (fun a => bind (y Unit.unit) (fun _ => pure a))
  seqRight x y := bind x (fun _ => y Unit.unit)
class MonadLift (m : semiOutParam (Type u → Type v)) (n : Type u → Type w) where
  monadLift : {α : Type u} → m α → n α
class MonadLiftT (m : Type u → Type v) (n : Type u → Type w) where
  monadLift : {α : Type u} → m α → n α
export MonadLiftT (monadLift)
@[always_inline] instance instMonadLiftTOfMonadLift (m n : _) (o : _) [MonadLift n o] [MonadLiftT m n] : MonadLiftT m o where
  monadLift x := MonadLift.monadLift (m := n) (monadLift x)
instance instMonadLiftT (m : Type u → Type v) : MonadLiftT m m where monadLift x := x
class MonadExceptOf (ε : semiOutParam (Type u)) (m : Type v → Type w) where
  throw {α : Type v} : ε → m α
  tryCatch {α : Type v} (body : m α) (handler : ε → m α) : m α
class MonadExcept (ε : outParam (Type u)) (m : Type v → Type w) where
  throw {α : Type v} : ε → m α
  tryCatch {α : Type v} : m α → (ε → m α) → m α
export MonadExcept (throw tryCatch)
instance (ε : Type u) (m : Type v → Type w) [MonadExceptOf ε m] : MonadExcept ε m where
  throw := MonadExceptOf.throw
  tryCatch := MonadExceptOf.tryCatch
def ReaderT (ρ : Type u) (m : Type u → Type v) (α : Type u) : Type (max u v) := ρ → m α
inductive EStateM.Result (ε σ α : Type u) where
  | ok : α → σ → EStateM.Result ε σ α
  | error : ε → σ → EStateM.Result ε σ α
def EStateM (ε σ α : Type u) : Type u := σ → EStateM.Result ε σ α
instance instMonadEStateM {ε σ : Type u} : Monad (EStateM ε σ) where
  pure a := fun s => .ok a s
  bind x f := fun s => match x s with
    | .ok a s => f a s
    | .error e s => .error e s
instance {ε σ : Type u} : MonadExceptOf ε (EStateM ε σ) where
  throw e := fun s => .error e s
  tryCatch x h := fun s => match x s with
    | .error e s => h e s
    | .ok a s => .ok a s
instance ReaderT.instMonad {ρ : Type u} {m : Type u → Type v} [Monad m] : Monad (ReaderT ρ m) where
  pure a := fun _ => pure a
  bind x f := fun r => bind (x r) (fun a => f a r)
instance {ρ : Type u} {m : Type u → Type v} {ε : Type w} [MonadExceptOf ε m] : MonadExceptOf ε (ReaderT ρ m) where
  throw e := fun _ => MonadExceptOf.throw e
  tryCatch x h := fun r => MonadExceptOf.tryCatch (x r) (fun e => h e r)
instance {ε σ α : Type u} [Inhabited ε] : Inhabited (EStateM ε σ α) := ⟨fun s => .error default s⟩
instance {ρ : Type u} {m : Type u → Type v} {α : Type u} [Inhabited (m α)] : Inhabited (ReaderT ρ m α) := ⟨fun _ => default⟩
