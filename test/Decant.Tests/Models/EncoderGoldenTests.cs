using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Encoders;
using Decant.Models.Roberta;
using Decant.Modules;
using Decant.Tests.Modules;
using Decant.Torch;

namespace Decant.Tests.Models;

/// <summary>Each family and task against a PyTorch forward pass that was written from the published layout, one text at a time.</summary>
public class EncoderGoldenTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var family in new[] { "bert", "distilbert", "roberta" })
                foreach (var task in new[] { "classification", "regression", "tokens", "masked", "untied", "embedding" })
                    cases.Add(family, task);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void An_encoder_is_the_reference_in_answers_and_gradients(string family, string task)
    {
        using var model = Config(family, task).Build();
        GoldenCase.Check($"{family}-{task}", model, g => model.Forward(Input(g)), tolerance: Tolerance);
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("distilbert")]
    [InlineData("roberta")]
    public void Logits_made_a_few_positions_at_a_time_are_those_of_all(string family)
    {
        using var golden = GoldenCase.Open(family + "-masked");
        using var model = (ChunkedHeadModel)Config(family, "masked").Build();
        model.LoadStateDict(golden.Under("state"));
        model.Eval();
        var states = model.States(Input(golden));
        var parts = states.Split(4).Select(rows => model.Head.Logits(rows)).ToArray();
        GoldenCase.Close(golden.Output, Tensor.Cat(parts), family, Tolerance);
    }

    [Fact]
    public void A_step_of_masked_language_modelling_has_the_references_loss_and_gradients()
    {
        using var model = Config("bert", "masked").Build();
        GoldenCase.Check(
            "bert-masked-loss",
            model,
            g => model.Forward(Input(g)).LogSoftmax(1).Gather(1, g["targets"].Unsqueeze(1)).Mean().Neg().Unsqueeze(0),
            tolerance: Tolerance);
    }

    internal static EncoderConfig Config(string family, string task) => Sizes(family) with
    {
        Task = task switch
        {
            "classification" => ModelTask.Classification,
            "regression" => ModelTask.Regression,
            "tokens" => ModelTask.TokenClassification,
            "embedding" => ModelTask.Embedding,
            _ => ModelTask.MaskedLanguageModel,
        },
        ClassNames = task switch
        {
            "classification" or "tokens" => ["a", "b", "c"],
            "regression" => ["similarity"],
            _ => [],
        },
        Normalize = task == "embedding",
        TieWordEmbeddings = task != "untied",
    };

    private static EncoderConfig Sizes(string family) => family switch
    {
        "bert" => new BertConfig
        {
            VocabSize = 12,
            HiddenSize = 8,
            NumHiddenLayers = 2,
            NumAttentionHeads = 2,
            IntermediateSize = 16,
            MaxPositionEmbeddings = 9,
            HiddenAct = ActivationKind.GeluNew,
            HiddenDropoutProb = 0,
            AttentionProbsDropoutProb = 0,
        },
        "roberta" => new RobertaConfig
        {
            VocabSize = 12,
            HiddenSize = 8,
            NumHiddenLayers = 2,
            NumAttentionHeads = 2,
            IntermediateSize = 16,
            MaxPositionEmbeddings = 9,
            HiddenAct = ActivationKind.Relu,
            LayerNormEps = 1e-5,
            TypeVocabSize = 1,
            HiddenDropoutProb = 0,
            AttentionProbsDropoutProb = 0,
        },
        _ => new DistilBertConfig
        {
            VocabSize = 12,
            Dim = 8,
            NLayers = 2,
            NHeads = 2,
            HiddenDim = 16,
            MaxPositionEmbeddings = 9,
            Dropout = 0,
            AttentionDropout = 0,
            SeqClassifDropout = 0,
        },
    };

    private static ModelInput Input(GoldenCase golden) => new(
        golden["values"], golden["mask"], golden["types"], golden.Has("positions") ? golden["positions"] : null);
}
