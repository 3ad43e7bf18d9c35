using Decant.Export;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.MultiTask;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.MultiTask;

/// <summary>Models of several tasks around one trunk.</summary>
public sealed class SharedTrunkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Every_family_has_a_trunk_that_two_tasks_share_and_a_head_for_each(string name)
    {
        using var model = Two(name);
        var (first, second) = (model.Of("first"), model.Of("second"));
        Assert.Equal((3, 5, 8), (first.Classes, second.Classes, model.Classes));
        Assert.Equal(first.ParameterCount + second.ParameterCount - model.SharedParameterCount, model.ParameterCount);
        Assert.InRange((double)model.SharedParameterCount / first.ParameterCount, 0.3, 0.999);

        var (ofFirst, ofSecond) = (Tensors(first), Tensors(second));
        Assert.Equal(model.SharedParameterCount, ofFirst.Where(p => ofSecond.ContainsKey(p.Key) && ReferenceEquals(ofSecond[p.Key], p.Value)).Sum(p => p.Value.ElementCount));
        // The last layer is each task's own.
        Assert.All(ofFirst.TakeLast(1), p => Assert.False(ReferenceEquals(ofSecond[p.Key], p.Value)));
    }

    [Theory]
    [MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Each_task_is_saved_as_a_plain_model_that_answers_to_the_bit_as_it_did(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Two(name);
        model.Eval();
        foreach (var task in model.Tasks)
        {
            var folder = Path.Combine(_folder.Path, task);
            var input = Zoo.Input(name);
            var expected = model.Forward(input with { Task = task }).ToArray<float>();
            ModelFolder.Save(folder, model.Of(task));
            using var loaded = ModelFolder.Load(folder);
            Assert.Equal(expected, loaded.Forward(input).ToArray<float>());
            Assert.Equal(model.Of(task).GetType(), loaded.GetType());
            Assert.Equal(model.Of(task).ParameterCount, loaded.ParameterCount);
        }
    }

    [Theory]
    [MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void A_second_head_leaves_the_trunk_as_it_was_drawn(string name)
    {
        using var scope = TensorScope.Open();
        using var alone = Zoo.Create(name);
        using var model = Two(name);
        Assert.Equal(Numbers(alone), Numbers(model.Of("first")));
    }

    [Theory]
    [InlineData("encoder", "regression")]
    [InlineData("encoder", "tokens")]
    [InlineData("distilbert", "tokens")]
    [InlineData("roberta", "regression")]
    [InlineData("lstm", "tokens")]
    [InlineData("textcnn", "regression")]
    [InlineData("resnet", "regression")]
    [InlineData("imagenet-resnet", "regression")]
    public void Tasks_of_different_kinds_share_a_trunk(string kind, string task)
    {
        using var scope = TensorScope.Open();
        var first = Zoo.Create(kind);
        var context = TaskZoo.Context(kind, task);
        var config = ((IConfigured)first).Config;
        var second = (config with { Task = context.Task, ClassNames = ["x", "y"] }).BuildOn(first);
        using var model = new MultiTaskModel([KeyValuePair.Create("classes", first), KeyValuePair.Create("other", second)]);
        model.Eval();
        var positions = task == "tokens" ? Tensor.From(new long[] { 0, 2, 9 }) : null;
        var answer = model.Forward(Zoo.Input(kind) with { Task = "other", Positions = positions });
        Assert.Equal([task == "tokens" ? 3 : 4, 2], answer.Shape);
        ModelFolder.Save(_folder.Path, second);
        using var loaded = ModelFolder.Load(_folder.Path);
        Assert.Equal(answer.ToArray<float>(), loaded.Forward(Zoo.Input(kind) with { Positions = positions }).ToArray<float>());
    }

    [Fact]
    public void A_trunk_of_other_settings_is_refused_by_name()
    {
        using var trunk = TextCnnClassifier.Create(new TextCnnOptions { Embedding = 6, Filters = 5 }, Zoo.Text);
        var other = ModelFamilies.All.Single(f => f.Kind == "textcnn");
        var fault = Assert.Throws<DecantException>(() => other.CreateOn(new TextCnnOptions { Embedding = 6, Filters = 4 }, Zoo.Text, trunk));
        Assert.Contains("num_filters (4 and 5)", fault.Message);
        var family = Assert.Throws<DecantException>(() => ModelFamilies.All.Single(f => f.Kind == "lstm").CreateOn(new LstmOptions(), Zoo.Text, trunk));
        Assert.Contains("take two of one family", family.Message);
    }

    [Fact]
    public void A_family_without_a_trunk_says_which_have_one()
    {
        using var gpt = ModelFamilies.All.Single(f => f.Kind == "gpt2").Create(new Gpt2Options { Hidden = 8, Heads = 2, Layers = 1 }, TaskZoo.Context("lstm", "causal"));
        var fault = Assert.Throws<DecantException>(() => ((IConfigured)gpt).Config.BuildOn(gpt));
        Assert.Contains("have no trunk that several tasks could share; encoder", fault.Message);
        using var flat = MlpClassifier.Create(new MlpOptions { Hidden = [] }, Zoo.Images);
        Assert.Contains("give it hidden layers", Assert.Throws<DecantException>(() => ((IConfigured)flat).Config.BuildOn(flat)).Message);
    }

    [Fact]
    public void Models_that_share_nothing_are_no_model_of_several_tasks()
    {
        using Model one = Zoo.Create("mlp"), two = Zoo.Create("mlp");
        Assert.Contains("no trunk in common", Assert.Throws<ArgumentException>(() => new MultiTaskModel([KeyValuePair.Create("a", one), KeyValuePair.Create("b", two)])).Message);
    }

    [Fact]
    public void A_batch_of_no_task_or_of_another_is_refused()
    {
        using var scope = TensorScope.Open();
        using var model = Two("mlp");
        Assert.Contains("needs to know which", Assert.Throws<ArgumentException>(() => model.Forward(Zoo.Input("mlp"))).Message);
        Assert.Contains("there are first, second", Assert.Throws<ArgumentException>(() => model.Forward(Zoo.Input("mlp") with { Task = "third" })).Message);
    }

    private static MultiTaskModel Two(string name)
    {
        using var generator = new Generator(1);
        var first = Zoo.Create(name);
        var config = ((IConfigured)first).Config with { ClassNames = ["1", "2", "3", "4", "5"] };
        return new MultiTaskModel([KeyValuePair.Create("first", first), KeyValuePair.Create("second", config.BuildOn(first, generator))]);
    }

    private static Dictionary<string, Tensor> Tensors(Model model) => model.NamedParameters().ToDictionary(p => p.Key, p => p.Value);

    private static float[] Numbers(Model model) => [.. model.StateDict().SelectMany(s => s.Value.To(DType.Float32).ToArray<float>())];
}
