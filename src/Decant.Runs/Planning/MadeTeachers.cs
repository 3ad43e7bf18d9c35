using Decant.Modules;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>
/// Teachers that were made for a look at a plan before the run, by the dry run or to time a few updates: the run begins with them, so that a teacher that is loaded or drawn is made once.
/// Whoever changes the weights of one puts them back (<see cref="Unchanged"/>).
/// </summary>
internal sealed class MadeTeachers : IDisposable
{
    private readonly Dictionary<ModelKey, (PlannedModel Planned, Model Model)> _kept = [];
    private readonly List<(ModelKey Key, string Text)> _notes = [];
    private bool _isOver;

    /// <summary>A model that was made before; null where none was. It is the caller's until it is given back.</summary>
    /// <param name="key">Which.</param>
    /// <param name="note">Gets the remarks on how it was made.</param>
    public Model? Take(ModelKey key, Action<ModelKey, string> note)
    {
        if (!_kept.Remove(key, out var kept))
            return null;
        foreach (var (_, text) in _notes.Where(n => n.Key == key).ToArray())
        {
            _notes.Remove((key, text));
            note(key, text);
        }

        return kept.Model;
    }

    /// <summary>Keeps a model for the next look; false once the run has begun: it is then the caller's to release.</summary>
    public bool Give(PlannedModel planned, Model model)
    {
        if (!_isOver)
            _kept.Add(planned.Key, (planned, model));
        return !_isOver;
    }

    /// <summary>Keeps a remark on how a model was made, for whoever takes it next.</summary>
    public void Note(ModelKey key, string text) => _notes.Add((key, text));

    /// <summary>The run begins: what it gives back is not needed again.</summary>
    public void Begin() => _isOver = true;

    /// <summary>Does something that changes a model, and puts its weights and buffers back as they were, bit for bit.</summary>
    public static T Unchanged<T>(Model model, Func<T> work)
    {
        using var before = new BestWeights(model);
        before.Snapshot();
        var result = work();
        before.Restore();
        return result;
    }

    public void Dispose()
    {
        // What is made of parts first.
        foreach (var (planned, model) in _kept.Values.OrderByDescending(k => k.Planned.Parts.Count))
            planned.Release(model);
        _kept.Clear();
    }
}
