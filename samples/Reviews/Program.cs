// Distils a classifier of texts from a CSV file with the columns text and label: dotnet run reviews.csv runs/reviews
using Decant.Data.Sources;
using Decant.Data.Splitting;
using Decant.Models.Bert;
using Decant.Models.TextCnn;
using Decant.Objectives.Logits;
using Decant.Runs.Distilling;
using Decant.Text.Training;
using Decant.Training.Optimizers;

DistillationResult result = await Distiller
    .Create(new BertOptions { Layers = 2, Hidden = 64, Heads = 2 }, new TextCnnOptions { Embedding = 64, Filters = 64 })
    .On(new CsvOptions { File = args[0] }, split: new SplitOptions { Validation = 0.1, Test = 0.2 })
    .WithTokenizer(new WordPieceOptions { Vocabulary = 8000 }, maxTokens: 64)
    .TrainTeacher(o => { o.Epochs = 4; o.Optimizer = new AdamW { LearningRate = 5e-4 }; })
    .With(new SoftTargets { Temperature = 2 }, weight: 0.9)
    .With(new Labels(), weight: 0.1)
    .Train(o => { o.Epochs = 10; o.Optimizer = new AdamW { LearningRate = 2e-3 }; })
    .WithControl()
    .SaveTo(args[1])
    .RunAsync();
Console.WriteLine(result.Verdict);
