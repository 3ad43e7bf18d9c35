using Decant.Data;
using Decant.Signals;
using Decant.Teachers;
using Decant.Tests.Training;
using Decant.Torch;

namespace Decant.Tests.Teachers;

public class RememberingTeacherTests
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    [Fact]
    public void Every_sample_is_asked_about_once_and_answered_alike_ever_after()
    {
        var model = new TinyModel();
        using var local = new LocalTeacher(model, s_classes);
        using var teacher = new RememberingTeacher(local);
        var first = Answers(teacher, TinySource.OfSize(3, 4));
        var asked = model.Answers;
        var second = Answers(teacher, TinySource.OfSize(3, 4));
        Assert.Equal(12, teacher.Count);
        Assert.Equal(3, asked);
        Assert.Equal(asked, model.Answers);
        Assert.Equal(first, second);
        Assert.Equal(first, Answers(local, TinySource.OfSize(3, 4)));
    }

    [Fact]
    public void It_leaves_no_tensor_behind()
    {
        using var local = new LocalTeacher(new TinyModel(), s_classes);
        using var teacher = new RememberingTeacher(local);
        var before = Tensor.LiveCount;
        Answers(teacher, TinySource.OfSize(2, 4));
        Assert.Equal(before, Tensor.LiveCount);
    }

    private static float[] Answers(ITeacher teacher, IBatchSource source)
    {
        var all = new List<float>();
        foreach (var batch in source.Epoch(0))
        {
            using (batch)
            using (TensorScope.Open())
                all.AddRange(((DenseLogits)teacher.Answer(batch)).Logits.ToArray<float>());
        }

        return [.. all];
    }
}
