using Decant.Export;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Models.Llama;
using Decant.Modules;
using Decant.Text.Files;
using Decant.Text.Restriction;
using Decant.Torch;

namespace Decant.Tests.Models.FromTeacher;

/// <summary>Teachers with some of their tokens.</summary>
public class TokensOfTeacherTests
{
    private static readonly int[] s_kept = [0, 2, 3, 7, 11, 29];

    [Theory]
    [InlineData("encoder")]
    [InlineData("distilbert")]
    [InlineData("lstm")]
    [InlineData("textcnn")]
    public void A_classifier_answers_the_same_to_kept_tokens(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = Zoo.Create(name);
        using var cut = StudentFromTeacher.Make(teacher, new PartOfTeacher(), s_kept);
        teacher.Eval();
        cut.Eval();
        int[] ids = [1, 4, 5, 3, 2, 1, 5, 4];
        var expected = teacher.Forward(new ModelInput(Ids(ids.Select(id => s_kept[id])))).ToArray<float>();
        var came = cut.Forward(new ModelInput(Ids(ids))).ToArray<float>();
        Assert.True(cut.ParameterCount < teacher.ParameterCount);
        Assert.All(expected.Zip(came), pair => Assert.InRange(pair.Second, pair.First - 1e-6, pair.First + 1e-6));
    }

    [Fact]
    public void Special_tokens_have_their_new_ids_in_the_settings()
    {
        using var generator = new Generator(1);
        using var teacher = new LlamaConfig
        {
            VocabSize = 30,
            HiddenSize = 8,
            NumHiddenLayers = 1,
            NumAttentionHeads = 2,
            NumKeyValueHeads = 2,
            IntermediateSize = 8,
            MaxPositionEmbeddings = 16,
            Task = ModelTask.CausalLanguageModel,
            BosTokenId = 7,
            EosTokenIds = [11, 12, 29],
            PadTokenId = 5,
        }.Build(generator);
        using var cut = StudentFromTeacher.Make(teacher, new PartOfTeacher(), s_kept);
        var config = (LlamaConfig)((IConfigured)cut).Config;
        Assert.Equal((6, 3, null), (config.VocabSize, config.BosTokenId, config.PadTokenId));
        Assert.Equal([4, 5], config.EosTokenIds);
    }

    [Fact]
    public void Logits_of_a_language_model_are_the_kept_columns_of_the_whole_ones()
    {
        using var scope = TensorScope.Open();
        var folder = RealData.Find("stories260K/hf");
        const string text = "Once upon a time there was a little girl who had a red ball. She went to the park with her mom.";
        var restricted = TokenizerFile.Load(folder).Restrict([text]);
        Assert.InRange(restricted.Kept.Count, 259, 400); // bytes and control tokens stay
        using var whole = ModelFolder.Load(folder);
        using var cut = StudentFromTeacher.Make(whole, new PartOfTeacher(), restricted.Kept);
        whole.Eval();
        cut.Eval();
        var ids = restricted.Tokenizer.EncodeForModel(text, null, 64).Ids;
        Assert.Equal(restricted.Whole.EncodeForModel(text, null, 64).Ids, ids.Select(id => restricted.Kept[id]));
        var all = whole.Forward(new ModelInput(Ids(ids.Select(id => restricted.Kept[id])))).ToArray<float>();
        var came = cut.Forward(new ModelInput(Ids(ids))).ToArray<float>();
        Assert.Equal(ids.Length * restricted.Kept.Count, came.Length);
        for (var i = 0; i < came.Length; i++)
        {
            var expected = all[(i / restricted.Kept.Count * 512) + restricted.Kept[i % restricted.Kept.Count]];
            Assert.InRange(came[i], expected - 1e-4, expected + 1e-4); // of −20 to 20
        }
    }

    private static Tensor Ids(IEnumerable<int> ids) => Tensor.From(ids.Select(id => (long)id).ToArray(), 1, ids.Count());
}
