using Decant.Export.Onnx.Signatures;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Runs.Preparing;

/// <summary>How the models of a run are called as graphs.</summary>
internal static class ExportedSignature
{
    /// <summary>That of its family; of a program's own model as its samples are.</summary>
    public static GraphSignature Of(Model model, PreparedData data)
    {
        if (model is IConfigured)
            return GraphSignatures.Of(model);
        using var batch = data.Collator.Collate([data.Train[0]], seed: 0, epoch: 0);
        using var scope = TensorScope.Open();
        return GraphSignatures.Of(batch.ToInput(Device.Cpu), data.Tokenizer?.VocabularySize ?? 2);
    }
}
