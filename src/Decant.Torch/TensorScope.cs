namespace Decant.Torch;

/// <summary>Owns the tensors that are made while it is the current scope, and releases them when it is disposed.</summary>
/// <remarks>
/// The current scope flows with the caller across <c>await</c> and into tasks that it starts (it is async-local, not thread-static).
/// Scopes nest. What must outlive a scope is handed out with <see cref="Keep"/>. A scope may be used by several threads at once;
/// making a tensor under a scope that another thread has disposed already is an error, not a leak.
/// </remarks>
/// <example><code>
/// using var scope = TensorScope.Open();
/// var loss = scope.Keep(model.Forward(batch).Mean());   // everything else is released at the brace
/// </code></example>
public sealed class TensorScope : IDisposable
{
    private static readonly AsyncLocal<TensorScope?> s_current = new();

    private readonly TensorScope? _parent;
    private readonly Lock _gate = new();
    private readonly List<Tensor> _tensors = [];
    private bool _disposed;

    private TensorScope(TensorScope? parent) => _parent = parent;

    /// <summary>The innermost open scope of this flow of control, or null.</summary>
    public static TensorScope? Current => s_current.Value;

    /// <summary>How many tensors the scope owns now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _tensors.Count;
        }
    }

    /// <summary>Opens a scope inside the current one and makes it the current one.</summary>
    public static TensorScope Open()
    {
        var scope = new TensorScope(s_current.Value);
        s_current.Value = scope;
        return scope;
    }

    /// <summary>Steps out of every scope until disposed: tensors made meanwhile belong to the caller.</summary>
    /// <remarks>For what lives long and is made late: optimizer states, caches.</remarks>
    public static IDisposable Suspend() => new Suspension();

    /// <summary>Hands a tensor over to the enclosing scope, or to the caller if there is none.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Scope != this)
            return tensor;
        Remove(tensor);
        _parent?.Add(tensor);
        return tensor;
    }

    /// <summary>Hands a tensor over to the caller, whatever scopes are open: only its own <see cref="Tensor.Dispose"/> releases it.</summary>
    /// <returns>The same tensor.</returns>
    public static Tensor Own(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Scope?.Remove(tensor);
        return tensor;
    }

    /// <summary>Releases what the scope owns and makes the enclosing scope current again.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var tensor in _tensors)
            {
                tensor.Scope = null;
                tensor.Release();
            }

            _tensors.Clear();
        }

        if (s_current.Value == this)
            s_current.Value = _parent;
    }

    internal void Add(Tensor tensor)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                tensor.Release();
                throw new ObjectDisposedException(
                    nameof(TensorScope), "A tensor was made under a scope that is disposed already. A task that outlives the scope it was started in opens a scope of its own.");
            }

            tensor.Scope = this;
            tensor.ScopeSlot = _tensors.Count;
            _tensors.Add(tensor);
        }
    }

    internal void Remove(Tensor tensor)
    {
        lock (_gate)
        {
            if (tensor.Scope != this)
                return;
            var last = _tensors[^1];
            _tensors[tensor.ScopeSlot] = last;
            last.ScopeSlot = tensor.ScopeSlot;
            _tensors.RemoveAt(_tensors.Count - 1);
            tensor.Scope = null;
            tensor.ScopeSlot = -1;
        }
    }

    private sealed class Suspension : IDisposable
    {
        private readonly TensorScope? _before = s_current.Value;

        public Suspension() => s_current.Value = null;

        public void Dispose() => s_current.Value = _before;
    }
}
