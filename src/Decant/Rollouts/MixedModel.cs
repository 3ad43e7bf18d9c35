using Decant.Modules;
using Decant.Torch;

namespace Decant.Rollouts;

/// <summary>Two language models that write together: each token is drawn from α·p + (1 − α)·q, of the teacher and the student.</summary>
/// <param name="teacher">p, of as many tokens as the student.</param>
/// <param name="student">q.</param>
/// <param name="weight">α, above 0 and below 1.</param>
internal sealed class MixedModel(ICausalModel teacher, ICausalModel student, double weight) : ICausalModel
{
    public long VocabularySize => student.VocabularySize;

    public long? MaxTokens => teacher.MaxTokens is { } of && student.MaxTokens is { } own ? Math.Min(of, own) : teacher.MaxTokens ?? student.MaxTokens;

    public ICausalState NewState() => new State(teacher.NewState(), student.NewState());

    /// <summary>log(α·p + (1 − α)·q).</summary>
    public Tensor Next(Tensor tokens, ICausalState state, Tensor? mask = null)
    {
        var (ofTeacher, own) = (State)state;
        using var scope = TensorScope.Open();
        var logP = teacher.Next(tokens, ofTeacher, mask).To(DType.Float32).LogSoftmax(-1);
        var logQ = student.Next(tokens, own, mask).To(DType.Float32).LogSoftmax(-1);
        return scope.Keep(Tensor.Stack([logP + Math.Log(weight), logQ + Math.Log(1 - weight)]).LogSumExp(0));
    }

    private sealed record State(ICausalState Teacher, ICausalState Student) : ICausalState
    {
        public long Length => Student.Length;

        public bool CanKeep => Teacher.CanKeep && Student.CanKeep;

        public void Keep(Tensor texts)
        {
            Teacher.Keep(texts);
            Student.Keep(texts);
        }

        public void Dispose()
        {
            Teacher.Dispose();
            Student.Dispose();
        }
    }
}
