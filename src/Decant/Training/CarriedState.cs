using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>The states of recurrent models from one batch to the next: the student's, and the teacher's as it was after the last batch that the student learned from.</summary>
/// <remarks>A teacher that answers ahead has moved on; what a checkpoint needs is where it stood.</remarks>
internal sealed class CarriedState : IDisposable
{
    private const string OfStudent = "student.", OfTeacher = "teacher.";

    private readonly RecurrentState _student = new();
    private Dictionary<string, Tensor> _teacher = [];

    /// <summary>Everything by name; its own tensors, not copies.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Named =>
        _student.Named.Select(s => KeyValuePair.Create(OfStudent + s.Key, s.Value)).Concat(_teacher.Select(s => KeyValuePair.Create(OfTeacher + s.Key, s.Value)));

    /// <summary>A batch as the student's input, which moves its state on.</summary>
    public ModelInput InputOf(Batch batch) => batch.ToInput(_student);

    /// <summary>Notes where the teacher stood after a batch.</summary>
    public void After(TeacherSignal? answer)
    {
        if (answer is not { StateAfter: { Count: > 0 } state })
            return;
        Forget();
        using var noGrad = Autograd.NoGrad();
        _teacher = state.ToDictionary(s => s.Key, s => TensorScope.Own(s.Value.Clone()), StringComparer.Ordinal);
    }

    /// <summary>Restores what <see cref="Named"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> named, ITeacher? teacher)
    {
        _student.Restore(Under(OfStudent, named));
        Forget();
        var ofTeacher = Under(OfTeacher, named);
        _teacher = ofTeacher.ToDictionary(s => s.Key, s => TensorScope.Own(s.Value.Clone()), StringComparer.Ordinal);
        (teacher as ICarriesState)?.Restore(ofTeacher);
    }

    public void Dispose()
    {
        _student.Dispose();
        Forget();
    }

    private void Forget()
    {
        foreach (var tensor in _teacher.Values)
            tensor.Dispose();
        _teacher = [];
    }

    private static Dictionary<string, Tensor> Under(string prefix, IReadOnlyDictionary<string, Tensor> named) => named
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);
}
