using Decant.Data;
using Decant.Signals;
using Decant.Teachers;
using Decant.Tests.Training;
using Decant.Torch;

namespace Decant.Tests.Teachers;

public class RememberedAnswersTests
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    [Fact]
    public void Every_sample_is_asked_about_once_and_answered_alike_ever_after()
    {
        var model = new TinyModel();
        using var local = new LocalTeacher(model, s_classes);
        using var teacher = RememberedAnswers.Ask(local, TinySource.OfSize(3, 4), 12);
        Assert.Equal(3, model.Answers);
        var first = Answers(teacher, TinySource.OfSize(3, 4));
        var second = Answers(teacher, TinySource.OfSize(3, 4));
        Assert.Equal(12, teacher.Count);
        Assert.Equal(3, model.Answers);
        Assert.Equal(first, second);
        Assert.Equal(first, Answers(local, TinySource.OfSize(3, 4)));
    }

    [Fact]
    public void It_leaves_no_tensor_behind()
    {
        using var local = new LocalTeacher(new TinyModel(), s_classes);
        var before = Tensor.LiveCount;
        using (var teacher = RememberedAnswers.Ask(local, TinySource.OfSize(2, 4), 8))
            Answers(teacher, TinySource.OfSize(2, 4));
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1+1")]
    public void However_many_ask_the_answers_are_the_same(string cores)
    {
        using var local = new LocalTeacher(new TinyModel(), s_classes);
        using var one = RememberedAnswers.Ask(local, TinySource.OfSize(5, 4), 20);
        using var several = RememberedAnswers.Ask(local, TinySource.OfSize(5, 4), 20, CoreSplit.Parse(cores));
        Assert.Equal(Answers(one, TinySource.OfSize(5, 4)), Answers(several, TinySource.OfSize(5, 4)));
    }

    [Fact]
    public void A_sample_that_nobody_asked_about_is_refused_by_its_id()
    {
        using var local = new LocalTeacher(new TinyModel(), s_classes);
        using var teacher = RememberedAnswers.Ask(local, TinySource.OfSize(1, 4), 4);
        var error = Assert.Throws<DecantException>(() => Answers(teacher, TinySource.OfSize(2, 4)));
        Assert.Contains("asked about 4 samples", error.Message, StringComparison.Ordinal);
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
