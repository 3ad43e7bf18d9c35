namespace Decant.Torch.Recording;

/// <summary>Which values may lie in the same memory, and which of them are out of date since another one was written to.</summary>
internal sealed class ViewGroups
{
    private static readonly HashSet<string> s_views = new(StringComparer.Ordinal)
    {
        "aten::view", "aten::reshape", "aten::transpose.int", "aten::permute", "aten::narrow", "aten::slice.Tensor", "aten::select.int", "aten::expand", "aten::unsqueeze",
        "aten::squeeze.dim", "aten::detach", "aten::contiguous", "aten::flatten.using_ints", "aten::split.Tensor", "aten::chunk", "aten::unbind.int", "aten::to.dtype",
        "aten::to.dtype_layout", "aten::as_strided", "aten::view.dtype", "aten::dropout",
    };

    private readonly Dictionary<int, List<int>> _groups = [];
    private readonly HashSet<int> _stale = [];

    /// <summary>An operator made a value of another one.</summary>
    public void Made(string op, int value, int of)
    {
        if (!s_views.Contains(op))
            return;
        if (!_groups.TryGetValue(of, out var group))
            _groups[of] = group = [of];
        group.Add(value);
        _groups[value] = group;
    }

    /// <summary>A value was written to: the others of its memory are what they were no longer.</summary>
    public void Overwritten(int value)
    {
        if (_groups.TryGetValue(value, out var group))
            _stale.UnionWith(group);
    }

    /// <summary>Whether a value is out of date.</summary>
    public bool IsStale(int value) => _stale.Contains(value);
}
