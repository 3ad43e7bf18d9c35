using Decant.Evaluation;
using Decant.Evaluation.Embeddings;
using Decant.Evaluation.Language;
using Decant.Evaluation.Regression;
using Decant.Evaluation.Tokens;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Reports;

/// <summary>What three models (0 teacher, 1 student, 2 control) answer in made-up runs; the same samples are hard for all.</summary>
internal static class MadeUpTexts
{
    public static readonly string[] TagNames =
        ["O", "B-corporation", "I-corporation", "B-creative-work", "I-creative-work", "B-group", "I-group", "B-location", "I-location", "B-person", "I-person", "B-product", "I-product"];

    private static readonly double[] s_faults = [0.10, 0.15, 0.21];

    public static IReadOnlyList<Continued> Continuations { get; } =
    [
        Continuation("The river rises in the hills north of the town and", "flows through three counties before it meets the sea at a wide, shallow estuary.", "flows south for twelve miles through the valley and into the lake .", "is the river of the river , and the river is the town of the town ."),
        Continuation("In 1921 she was elected to the parliament", ", where she served for two terms and spoke for the reform of the schools.", "of the province , and was the first woman to hold the office .", "and the first of the first of the season in the season ."),
        Continuation("这条河发源于城北的<群山>,", "流经三个县，最后在宽阔的河口入海。", "向南流过山谷，注入湖中。", ""),
        Continuation("A fourth prompt that is not shown", "x", "y", "z"),
    ];

    public static TaskAnswers Language(int model)
    {
        var random = new Random(5);
        var own = new Random(50 + model);
        return new LanguageAnswers([.. Enumerable.Range(0, 400).Select(i =>
        {
            var rows = 60 + random.Next(240);
            var perToken = 3.0 + 0.5 * Normal(random) + 0.18 * model + 0.05 * Normal(own);
            var bytes = (long)(rows * (4.2 + 0.3 * Normal(random)));
            return new LanguageSample((ulong)i, rows, rows * perToken, (long)(rows * Math.Exp(-perToken / 3)), bytes, model == 0 ? null : rows * 0.12 * model, model == 0 ? null : (long)(rows * (0.84 - 0.09 * model)));
        })]);
    }

    public static TaskAnswers Tags(int model)
    {
        var labels = Enumerable.Range(0, 500).Select(i => Truth(i)).ToArray();
        var random = new Random(9);
        var own = new Random(90 + model);
        var logits = new List<float>();
        foreach (var label in labels.SelectMany(l => l))
        {
            var hard = random.NextDouble();
            var wrong = hard < s_faults[model] * (label == 0 ? 0.3 : 3) ? own.Next(TagNames.Length) : label;
            for (var c = 0; c < TagNames.Length; c++)
                logits.Add((c == wrong ? 4 : 0) + (float)own.NextDouble());
        }

        ulong[] ids = [.. labels.SelectMany((l, i) => Enumerable.Repeat((ulong)i, l.Length))];
        return new TokenAnswers(new Predictions([.. logits], TagNames.Length, [.. labels.SelectMany(l => l)], ids), [.. labels.Select(l => l.Length)], TagNames);
    }

    public static TaskAnswers Numbers(int model)
    {
        var (random, own) = (new Random(3), new Random(30 + model));
        float[] targets = [.. Enumerable.Range(0, 900).Select(_ => (float)(Math.Round(5 * random.NextDouble() * 5) / 5))];
        float[] values = [.. targets.Select(t => (float)(0.8 * t + 0.5 + (0.5 + 0.22 * model) * Normal(own) + 0.4 * Normal(random)))];
        return new RegressionAnswers(values, targets, 1, Ids(900));
    }

    public static TaskAnswers Vectors(int model)
    {
        var (random, own) = (new Random(4), new Random(40 + model));
        double[] scores = [.. Enumerable.Range(0, 700).Select(_ => 5 * random.NextDouble())];
        double[] pairs = [.. scores.Select(s => Math.Tanh(0.35 * s - 0.5 + (0.2 + 0.12 * model) * Normal(own)))];
        return new EmbeddingAnswers(Ids(700), [.. pairs.Select(_ => model == 0 ? 1 : 0.97 - 0.05 * model - 0.02 * own.NextDouble())], pairs, scores);
    }

    public static string[] Sentence(int sample) => [.. Truth(sample).Select((tag, w) => tag == 0 ? s_plain[(sample + w) % s_plain.Length] : s_names[(sample * 3 + w) % s_names.Length])];

    private static readonly string[] s_plain = ["just", "saw", "the", "new", "one", "at", "<home>", "and", "loved", "it", "so", "much", "今天"];

    private static readonly string[] s_names = ["Marlene", "Haus", "Volga", "Acme", "Sunrise", "Pixel", "&Co", "Kunming"];

    private static int[] Truth(int sample)
    {
        var random = new Random(sample);
        var tags = new int[6 + random.Next(14)];
        for (var w = random.Next(4); w + 1 < tags.Length; w += 3 + random.Next(9))
        {
            var type = random.Next(6);
            (tags[w], tags[w + 1]) = (1 + 2 * type, random.NextDouble() < 0.5 ? 2 + 2 * type : 0);
        }

        return tags;
    }

    private static Continued Continuation(string prompt, string teacher, string student, string control) => new()
    {
        Prompt = prompt,
        Continuations = new Dictionary<string, string> { [Arms.Control] = control, [Arms.Teacher] = teacher, [Arms.Student] = student },
    };

    private static ulong[] Ids(int count) => [.. Enumerable.Range(0, count).Select(i => (ulong)i)];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
