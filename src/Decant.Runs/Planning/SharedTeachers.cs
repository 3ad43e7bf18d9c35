using Decant.Modules;
using Decant.Teachers.Answers;

namespace Decant.Runs.Planning;

/// <summary>
/// The teachers that all seeds of a run share: those that stay as loaded, those with a training seed of their own, and an ensemble of such members. Each is made, trained
/// and measured with the first seed, and kept until the run ends.
/// </summary>
internal sealed class SharedTeachers : IDisposable
{
    private readonly Dictionary<string, Model> _models = [];
    private readonly HashSet<string> _done = [];

    /// <summary>What the teachers answered, for the seeds that ask the same.</summary>
    public TeacherOutputCache Answers { get; } = new(TeacherProvider.MostFeatureBytes);

    /// <summary>The model of an arm; null before it was made.</summary>
    public Model? Find(string arm) => _models.GetValueOrDefault(arm);

    /// <summary>Takes a model, to be disposed with the others.</summary>
    public Model Keep(string arm, Model model) => _models[arm] = model;

    /// <summary>Whether a model is one of these.</summary>
    public bool Has(Model model) => _models.ContainsValue(model);

    /// <summary>Does once what makes a teacher ready, such as training it.</summary>
    public void Once(string arm, Action work)
    {
        if (_done.Contains(arm))
            return;
        work();
        _done.Add(arm);
    }

    public void Dispose()
    {
        Answers.Dispose();
        foreach (var model in _models.Values)
            model.Dispose();
        _models.Clear();
    }
}
