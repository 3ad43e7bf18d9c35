using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Roberta;
using Decant.Models.TextCnn;

namespace Decant.Tests.Models;

public sealed class DropoutByRoleTests
{
    private static readonly Dictionary<string, ModelOptions> s_asked = new()
    {
        ["cnn"] = new CnnOptions { Channels = [4], Hidden = 8, FeatureDropout = 0.3, Dropout = 0.3 },
        ["textcnn"] = new TextCnnOptions { Dropout = 0.3 },
        ["encoder"] = new BertOptions { Hidden = 16, Heads = 4, Dropout = 0.3 },
        ["distilbert"] = new DistilBertOptions { Hidden = 16, Heads = 4, Dropout = 0.3 },
        ["roberta"] = new RobertaOptions { Hidden = 16, Heads = 4, Dropout = 0.3 },
    };

    public static TheoryData<string> Kinds => [.. ModelFamilies.All.Select(f => f.Kind)];

    public static TheoryData<string> Asked => [.. s_asked.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_model_that_learns_from_a_teacher_has_no_dropout_unless_asked(string kind) =>
        Assert.All(Dropouts(kind, Family(kind), learnsFromTeacher: true), p => Assert.Equal(0, p));

    [Theory]
    [InlineData("cnn", 0.25, 0.5)]
    [InlineData("textcnn", 0.5)]
    [InlineData("encoder", 0.1, 0.1)]
    [InlineData("distilbert", 0.1, 0.1, 0.1)]
    [InlineData("roberta", 0.1, 0.1)]
    [InlineData("lstm", 0.0)]
    [InlineData("mlp", 0.0, 0.0)]
    public void A_model_that_learns_from_labels_alone_has_its_familys_dropout(string kind, params double[] expected) =>
        Assert.Equal(expected, Dropouts(kind, Family(kind), learnsFromTeacher: false).Order());

    [Theory]
    [MemberData(nameof(Asked))]
    public void What_is_asked_for_holds_whoever_teaches(string kind)
    {
        foreach (var learnsFromTeacher in new[] { false, true })
            Assert.All(Dropouts(kind, s_asked[kind], learnsFromTeacher), p => Assert.Equal(0.3, p));
    }

    private static ModelOptions Family(string kind) => (ModelOptions)Activator.CreateInstance(ModelFamilies.All.Single(f => f.Kind == kind).OptionsType)!;

    // Every probability that the complete settings have: their names end in "Dropout" or, as BERT's, in "DropoutProb".
    private static double[] Dropouts(string kind, ModelOptions options, bool learnsFromTeacher)
    {
        var isImage = kind is "mlp" or "cnn" or "resnet" or "imagenet-resnet";
        var context = (isImage ? Zoo.Images : Zoo.Text) with
        {
            LearnsFromTeacher = learnsFromTeacher,
            Task = kind is "lstm-lm" || DecoderFamilies.All.Any(f => f.Kind == kind) ? Decant.Models.Configuration.ModelTask.CausalLanguageModel : Decant.Models.Configuration.ModelTask.Classification,
        };
        var config = ModelFamilies.All.Single(f => f.Kind == kind).Configure(options, context);
        return [.. config.GetType().GetProperties()
            .Where(p => p.PropertyType == typeof(double) && (p.Name.EndsWith("Dropout", StringComparison.Ordinal) || p.Name.EndsWith("DropoutProb", StringComparison.Ordinal)))
            .Select(p => (double)p.GetValue(config)!)];
    }
}
