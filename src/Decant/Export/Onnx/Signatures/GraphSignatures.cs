using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.Encoders;
using Decant.Models.ImageNetResNet;
using Decant.Models.LstmLanguage;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.MultiTask;
using Decant.Models.ResNet;
using Decant.Models.Static;
using Decant.Models.TextCnn;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Signatures;

/// <summary>How each family of models is called as a graph. A model that a user wrote is called as its example shows.</summary>
internal static class GraphSignatures
{
    /// <summary>The signature of a model of a known family.</summary>
    /// <exception cref="DecantException">It is a user's own, so that an example is needed, or a model of several tasks.</exception>
    public static GraphSignature Of(Model model) => model switch
    {
        CausalDecoder decoder => new DecoderSignature(decoder),
        LstmLanguageModel recurrent => new RecurrentSignature(recurrent),
        MultiTaskModel tasks => throw new DecantException($"The model has the tasks {string.Join(", ", tasks.Tasks)}; export the model of each: model.Of(task)."),
        IConfigured { Config: { } config } => Of(config),
        _ => throw new DecantException($"{model.GetType().Name} is a model of your own, of which Decant does not know what goes in; give a batch as an example."),
    };

    /// <summary>The signature of a user's own model.</summary>
    /// <param name="example">
    /// A batch: int64 [B, T] are tokens, whose B and T vary, with a mask and token types where the example has them; anything else is numbers, whose B alone varies.
    /// </param>
    /// <param name="vocabulary">Ids of tokens are below it.</param>
    public static GraphSignature Of(ModelInput example, long vocabulary)
    {
        var values = example.Values;
        return values.DType == DType.Int64 && values.Dimensions == 2
            ? new OwnTokenSignature(vocabulary, example.AttentionMask is not null, example.TokenTypes is not null)
            : new NumberSignature([.. values.Shape.Skip(1).Select(s => (long?)s)], InputNames.Logits);
    }

    private static GraphSignature Of(ModelConfig config) => config switch
    {
        EncoderConfig encoder => new TokenSignature(encoder.Task, encoder.VocabSize, encoder.Shape.TokenTypes, encoder.Shape.Longest),
        LstmConfig lstm => new TokenSignature(lstm.Task, lstm.VocabSize, 0, long.MaxValue),
        TextCnnConfig textCnn => new TokenSignature(textCnn.Task, textCnn.VocabSize, 0, long.MaxValue),
        StaticConfig table => new TokenSignature(table.Task, table.VocabSize, 0, long.MaxValue),
        CnnConfig cnn => new NumberSignature([.. cnn.InputShape.Select(s => (long?)s)], Answer(cnn)),
        MlpConfig mlp => new NumberSignature([.. mlp.InputShape.Select(s => (long?)s)], Answer(mlp)),
        ImageNetResNetConfig resNet => new NumberSignature([resNet.NumChannels, null, null], Answer(resNet)),
        ResNetConfig resNet => new NumberSignature([resNet.NumChannels, null, null], Answer(resNet)),
        _ => throw new DecantException($"Models of type '{config.ModelType}' have no signature for ONNX."),
    };

    private static string Answer(ModelConfig config) => config.Task == ModelTask.Embedding ? InputNames.Embedding : InputNames.Logits;
}
