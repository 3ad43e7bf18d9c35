using Decant.Files;
using Decant.Runs.Jobs.Overlapping;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Synthesizing;
using Microsoft.Extensions.AI;

namespace Decant.Runs.Jobs.Synthesizing;

/// <summary>Has a chat model write rows, and writes those that pass into a file, with a manifest beside it.</summary>
/// <param name="catalog">The kinds, and how the models are reached.</param>
internal sealed class SynthesizeJob(Catalog catalog)
{
    /// <summary>Does it. What was answered before is read, and neither asked for nor agreed to again.</summary>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Stops; what was answered stays in the store.</param>
    /// <exception cref="DecantException">The files or filters are wrong, a model cannot be reached, the cost was not agreed to, or a budget is spent.</exception>
    public SynthesizeResult Run(SynthesizeRequest request, CancellationToken cancellationToken)
    {
        var (recipe, asking) = (request.Recipe, catalog.Asking);
        SynthesisManifest.RefuseOthers(request.Out);
        var examples = Examples(recipe, cancellationToken);
        var heldOut = (recipe.HeldOut?.Sources ?? []).Select(source => catalog.Open(source, cancellationToken)).ToArray();
        using var closing = new Closing(heldOut);
        var index = recipe.HeldOut is null ? null : RowTexts.Index(heldOut, recipe.HeldOut.Overlap, cancellationToken);
        var writer = new ChatLine(recipe.Chat, asking, "chat");
        var judge = recipe.Judge?.Chat is { } own ? new ChatLine(own, asking, "judge.chat") : writer;
        using var answers = writer.OpenAnswers();
        using var judged = judge == writer ? null : judge.OpenAnswers();
        var result = Stored() ?? Asked();
        string[] sent = [$"{writer.Name}: {writer.Sent(answers)}.", .. judged is null ? Array.Empty<string>() : [$"{judge.Name}: {judge.Sent(judged)}."]];
        var bytes = RowWriter.Bytes(request.Out, result.Rows, recipe.Write.Classes.Count > 0);
        var manifest = SynthesisManifest.FileOf(request.Out);
        AtomicFile.Write(manifest, SynthesisManifest.Bytes(recipe, request.Out, bytes, result, [.. heldOut.Select(data => (data.Name, data.Count))], sent));
        AtomicFile.Write(request.Out, bytes);
        return new(request.Out, manifest, result, sent);

        SynthesisResult? Stored()
        {
            try
            {
                return Synthesize(new StoredOnlyClient(answers), new StoredOnlyClient(judged ?? answers), _ => true);
            }
            catch (NotStoredException)
            {
                return null;
            }
        }

        SynthesisResult Asked() => Synthesize(new FirstAloneClient(writer, answers), new FirstAloneClient(judge, judged ?? answers), cost =>
        {
            var words = Cost(writer, recipe, cost);
            return asking.Agrees?.Invoke(words) is true ? true : throw new DecantException($"{words}. It was not agreed to; what was answered is stored. Add --yes to go on.");
        });

        SynthesisResult Synthesize(IChatClient client, IChatClient judging, Func<SynthesisCost, bool> agrees)
        {
            using var both = client;
            using var second = judging;
            var synthesizer = new ChatSynthesizer(client, recipe.Write, recipe.Filters, recipe.Judge is null ? null : new ChatJudge(judging, recipe.Judge.Ask)) { Agrees = agrees, Prices = writer.Prices, JudgePrices = judge.Prices };
            return synthesizer.RunAsync(examples, index, writer.Concurrency, request.Progress is null ? null : new RowsReport(rows => request.Progress(rows, recipe.Write.Rows)), cancellationToken).GetAwaiter().GetResult();
        }
    }

    private List<SyntheticRow> Examples(SynthesisRecipe recipe, CancellationToken cancellationToken)
    {
        if (recipe.Examples is null)
            return [];
        using var data = catalog.Open(recipe.Examples, cancellationToken);
        var hasClasses = recipe.Write.Classes.Count > 0;
        return [.. Enumerable.Range(0, data.Count).Select(i => new SyntheticRow(RowTexts.Of(data, i), hasClasses && data.LabelOf(i) is { } label ? data.Classes[label] : null))];
    }

    private static ChatCost Cost(ChatLine line, SynthesisRecipe recipe, SynthesisCost cost)
    {
        var judge = cost.Judge is not { } j ? "" : FormattableString.Invariant($". The judge: {j.Tokens.Mean:N0} tokens ({j.Tokens.Low:N0} to {j.Tokens.High:N0}){(j.Money is { } m ? FormattableString.Invariant($", {m.Mean:0.####} by its prices") : "")}");
        return new ChatCost(line.Name, cost.Requests, cost.Write, $"So far {SynthesisWords.Of(cost.Tally)}{judge}") { Items = FormattableString.Invariant($"requests for {recipe.Write.PerRequest} texts each") };
    }

    private sealed class RowsReport(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }

    private sealed class Closing(IReadOnlyList<IDisposable> all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var one in all)
                one.Dispose();
        }
    }
}
