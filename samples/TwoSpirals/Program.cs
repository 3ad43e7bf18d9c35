// Distills a large network into a small one, with data, networks and an objective that Decant has never seen. Needs no command line and no recipe.
using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Evaluation.Verdicts;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

const int epochs = 40;
using (var random = Generator.Default())
    random.Seed(1);

using var train = Spirals.Make(2000, seed: 1);
using var test = Spirals.Make(1000, seed: 2);
using var fewLabels = train.WithLabelsWhere(i => i < 30);       // what the student and its control may see; the rest is unlabelled

using var large = Fit(new Net(2, 96, 96, 2), train, new Labels());
using var teacher = new LocalTeacher(large, train.Classes, owns: false);
using var student = Fit(new Net(2, 24, 24, 2), fewLabels, new SameProbabilities(), teacher);
using var control = Fit(new Net(2, 24, 24, 2), fewLabels, new Labels());

var (ofTeacher, ofStudent, ofControl) = (Ask(large), Ask(student), Ask(control));
Console.WriteLine($"teacher  {large.ParameterCount,6:N0} parameters  {Accuracy.Of(ofTeacher):P1}");
Console.WriteLine($"student  {student.ParameterCount,6:N0} parameters  {Accuracy.Of(ofStudent):P1}");
Console.WriteLine($"control  {control.ParameterCount,6:N0} parameters  {Accuracy.Of(ofControl):P1}");
Console.WriteLine(VerdictSentence.Distillation(PairedDifference.OfAccuracy(ofStudent, ofControl)));

static Net Fit(Net net, Dataset data, IObjective objective, ITeacher? teacher = null)
{
    var batches = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 100 });
    using var optimizer = new Adam(Optimizer.GroupByDecay(net.NamedParameters(), weightDecay: 0), new AdamOptions { LearningRate = 0.01 });
    using var loop = new TrainLoop(new TrainingPlan
    {
        Student = net,
        Teacher = teacher,
        Objectives = [new(objective, 1)],
        Batches = batches,
        Optimizer = optimizer,
        Schedule = new CosineSchedule(new CosineOptions()),
        Epochs = epochs,
    });
    loop.Run();
    return net;
}

Predictions Ask(Net net) => Predictor.Predict(net, new BatchSource(test, new VectorCollator(), new BatchOptions { Size = 500, Shuffle = false }));
