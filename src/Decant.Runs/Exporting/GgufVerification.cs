using System.Globalization;
using Decant.Export.Gguf;
using Decant.LLama;
using Decant.Modules;
using Decant.Text;
using Decant.Torch;

namespace Decant.Runs.Exporting;

/// <summary>Runs a GGUF file in llama.cpp beside the model that it was made of.</summary>
internal static class GgufVerification
{
    private const double Most = 0.02; // of root mean squares; float16 weights of models tried gave up to 0.003
    private const int Tokens = 48;

    private static readonly string[] s_texts = ["The quick brown fox jumps over the lazy dog.", "Who wrote it, and when (in 1998)?", "Ça coûte 3,50 € – naïve café", "今天天气很好。我们去公园吧！", "Привет, мир! Как дела?", "for (int i = 0; i < n; i++) { x += i; }", "😀 fine"];

    /// <summary>Opens a file in llama.cpp and compares it: the tokens of some texts, and the logits or vectors of drawn ones.</summary>
    /// <param name="path">The file.</param>
    /// <param name="weights">How its weights are stored; null, and those of fewer bits than 16, may answer in other ways, and by how much is said.</param>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <returns>How close the answers are, for people.</returns>
    /// <exception cref="DecantException">llama.cpp cannot open it, or it gives other tokens or, in 16 bits or more, other answers.</exception>
    public static string Run(string path, GgufWeights? weights, Model model, ITokenizer tokenizer)
    {
        using var teacher = GgufTeacher.Open(new GgufTeacherOptions { File = path }, tokenizer);
        teacher.RequireIds(s_texts);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var ids = Drawn(model, tokenizer, teacher);
        var input = new ModelInput(Tensor.From(ids, 1, ids.Length));
        var (own, theirs) = (model.InEvaluation(() => model.Forward(input)), teacher.Model.Forward(input)); // [T, V], or [1, D]
        if (teacher.MakesVectors)
            (own, theirs) = (Unit(own), Unit(theirs)); // the file does not say whether vectors are divided by their lengths
        theirs = theirs.Narrow(1, 0, own.Size(1));
        var difference = Math.Sqrt((own - theirs).Square().Sum().Item() / own.Square().Sum().Item());
        if (weights is GgufWeights.F16 or GgufWeights.F32 && !(difference <= Most))
            throw new DecantException(string.Create(CultureInfo.InvariantCulture, $"{path} gives other answers in llama.cpp than the model here: they differ by {difference:P1} (root mean square), and {Most:P0} would be rounding. The file is not kept. Export the model to ONNX, and report this with its config.json."));
        return string.Create(CultureInfo.InvariantCulture, $"{(teacher.MakesVectors ? "vectors" : "logits")} in llama.cpp within {Math.Max(difference, 0.0001):P2} of the model's");
    }

    // Tokens of the vocabulary, as a model of texts would not mind them; the same ones each time.
    private static long[] Drawn(Model model, ITokenizer tokenizer, GgufTeacher teacher)
    {
        var special = tokenizer.Special.Additional.Concat(new[] { tokenizer.Special.Pad, tokenizer.Special.Mask, tokenizer.Special.Unknown }.OfType<int>()).ToHashSet();
        int[] served = [.. tokenizer.TokenToId.Values.Where(id => !special.Contains(id)).Order()];
        var random = new Random(1);
        return [.. Enumerable.Range(0, Math.Min(Tokens, teacher.MaxTokens)).Select(_ => (long)served[random.Next(served.Length)])];
    }

    private static Tensor Unit(Tensor vectors) => vectors / vectors.Norm([1], keep: true);
}
