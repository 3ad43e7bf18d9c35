using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Planning;

/// <summary>What a recipe says of the ensemble that its teachers make.</summary>
internal static class EnsembleParts
{
    /// <summary>The models as one.</summary>
    /// <param name="recipe">Has several teachers.</param>
    /// <param name="data">What they are for.</param>
    /// <param name="members">The members.</param>
    /// <param name="models">Their models, the ensemble's from now on.</param>
    public static Ensemble Make(Recipe recipe, PreparedData data, IReadOnlyList<TeacherMember> members, IReadOnlyList<Model> models)
    {
        var section = recipe.Ensemble ?? new EnsembleOptions();
        var task = data.Context.Task;
        var of = section.Combine ?? task switch
        {
            ModelTask.MultiLabel or ModelTask.Regression => MixtureOf.Logits,
            ModelTask.Embedding => MixtureOf.Concatenation,
            _ => MixtureOf.Probabilities,
        };
        MemberWeights weights = section.Weights switch
        {
            EnsembleWeights.Confidence => new ConfidenceWeights(),
            EnsembleWeights.LabelConfidence => new ConfidenceWeights(usesLabels: true),
            EnsembleWeights.Learned => new GateWeights(members.Count, data.Classes.Count),
            _ => new FixedWeights([.. members.Select(m => m.Weight)]),
        };
        return new Ensemble(
            [.. members.Zip(models, (m, model) => new EnsembleMember(NameOf(m.Arm), model) { Tags = (m.Section as MemberSection)?.Tags ?? [] })], new Mixture(of, weights),
            task.IsLanguageModel() ? data.Tokenizer!.VocabularySize : null);
    }

    /// <summary>What it is, in a few words.</summary>
    public static string Summary(Ensemble ensemble)
    {
        var what = ensemble.Mixture.Of switch
        {
            MixtureOf.Probabilities => "mean of probabilities",
            MixtureOf.Concatenation => "their vectors side by side",
            _ => "mean of logits",
        };
        var weights = ensemble.Mixture.Weights switch
        {
            ConfidenceWeights { UsesLabels: true } => "weighted by the label's probability",
            ConfidenceWeights => "weighted by confidence",
            GateWeights => "weighted by a gate",
            _ => "",
        };
        return $"{ensemble.Members.Count} models, {what}{(weights.Length > 0 ? ", " : "")}{weights}";
    }

    private static string NameOf(string arm) => Decant.Runs.Reports.Record.Arms.MemberName(arm) ?? arm;
}
