/**
 * Sentences that come from the engine (what engines, heads, baselines and strategies do, help of the first form, example
 * data), by their English; the rest of the help stays as the engine says it.
 */
export const CARDS: Readonly<Record<string, string>> = {
  // Engines.
  'A recurrent network forecasts the next step of every sensor from a window of sensors and covariates. What it cannot forecast is strange.':
    '循环网络根据传感器和协变量的窗口预测每个传感器的下一步。无法预测的即为异常。',
  'Reconstructs each window through two attentions, a plain one and one with learned rotations of time; scores by how badly a step is reconstructed and how far the two attentions differ there.':
    '用两种注意力重构每个窗口：一种普通，一种带学习到的时间旋转；按重构误差及两种注意力在该处的差异评分。',
  'A convolutional autoencoder rebuilds a window and six transformed copies of it out of learned memory items, one memory for all and one for each, and must tell the copies apart; what normal items cannot answer for is rebuilt badly.':
    '卷积自编码器用学到的记忆项重构窗口及其六个变换副本（一个共用记忆，各有一个专用记忆），并须区分这些副本；正常记忆项无法解释的部分重构较差。',
  'Reconstructs each window and compares what each step attends to with a learned Gaussian around it; an anomaly attends to its neighbours only.':
    '重构每个窗口，并把每一步的关注与其周围学到的高斯分布比较；异常只关注其近邻。',
  'Scores drawn from U(0, 1): what any figure must be held against.': '从 U(0, 1) 抽取的得分：任何指标都须与之对照。',
  'The distance of each value from the training mean: no model at all.': '每个值与训练均值的距离：完全没有模型。',
  'The distance of each value from the output of a network that learned nothing.': '每个值与未经学习的网络输出的距离。',
  'Expects each sensor near the mean of its last few steps. A new level is strange once, then it is the level.':
    '预期每个传感器接近其最近几步的均值。新水平只异常一次，之后就是常态。',
  'Expects each sensor to stay where it was. With a scoring head it beats most networks, and drift passes it by.':
    '预期每个传感器保持原处。配上评分头，它胜过多数网络，且不受漂移影响。',
  'Holds each window against the nearest of a few kinds of normal operation. Seconds to train, hard to beat.':
    '把每个窗口与最接近的一种正常工况对照。几秒即可训练，难以超越。',
  'Squeezes each step of a window into a distribution of a few latent numbers and rebuilds the sensors from them, with memory in both directions of the way; what lies off the learned course is rebuilt badly.':
    '把窗口的每一步压缩为少数潜变量的分布，再由其重构传感器，前后两个方向都有记忆；偏离所学轨迹的部分重构较差。',
  'Holds each window against the most similar one of training. Learns by remembering.':
    '把每个窗口与训练中最相似的窗口对照。以记忆为学习。',
  'Describes a window with and without its last steps; far descriptions say that these do not belong. Learns from labels of the training part where there are any, and from anomalies that it makes itself.':
    '分别描述含与不含最后几步的窗口；描述相距远，说明这几步不相称。从训练部分的标签（若有）和自造的异常中学习。',
  'Describes each step by a few latent numbers that depend on those before, and says from them how likely each sensor’s value is; what is unlikely is strange.':
    '用依赖于前面各步的少数潜变量描述每一步，并由此给出每个传感器取值的可能性；不大可能的即为异常。',
  'The size of each jump. One line of code that many detectors do not beat.':
    '每次跳变的大小。一行代码，许多检测器都比不过。',
  'How far a jump exceeds what is usual around it.': '跳变超出其周围通常程度多少。',
  'Takes trend and season out of each window and lets a U-Net judge every step. Learns from labelled anomalies in the training part.':
    '去除每个窗口的趋势和季节，由 U-Net 评判每一步。从训练部分标注的异常中学习。',
  'Scores what stands out of the smoothed spectrum of a window. Learns nothing.':
    '对窗口平滑频谱中突出的部分评分。不需学习。',
  'Looks for what stands out of the smoothed spectrum of a window and lets a small network judge it. Learns from labelled anomalies, or from anomalies that it puts into the windows itself.':
    '寻找窗口平滑频谱中突出的部分，由小网络评判。从标注的异常或自行放入的异常中学习。',
  'Reconstructs every step of a window from all of its steps by self-attention; what it cannot rebuild is strange.':
    '用自注意力从窗口的所有步重构每一步；无法重构的即为异常。',
  'Two autoencoders that share an encoder and learn against each other; what neither can rebuild is strange. Small and quick.':
    '两个共用编码器、相互对抗学习的自编码器；两者都无法重构的即为异常。小而快。',
  'Reconstructs each window by attention between variables and over time side by side; lighter than VTT-SAT, and shows which sensors belong together.':
    '并行地用变量间注意力和时间注意力重构每个窗口；比 VTT-SAT 轻，并显示哪些传感器相关。',
  'Reconstructs each window by attention between variables at each step and over time for each variable, one after the other; shows which sensors belong together.':
    '依次用每步的变量间注意力和每个变量的时间注意力重构每个窗口；显示哪些传感器相关。',
  'Rebuilds each window from the usual shapes of movement of all sensors together; the rest is strange.':
    '用所有传感器共同的常见运动形态重构每个窗口；余下的即为异常。',
  'KMeans, deviation from own past, differences and PCA of windows judge each step together. Read it with the conformal head, preset own.':
    'KMeans、与自身过去的偏差、差分和窗口 PCA 共同评判每一步。请配合共形评分头的 own 预设。',
  // Heads.
  'Reads errors against training steps that the engine never saw, without assuming a law. Its score is −2 ln p, the same scale in every run.':
    '把误差与引擎从未见过的训练步对照，不假设分布。得分为 −2 ln p，在每个运行中刻度相同。',
  'Reads each sensor’s smoothed error against its own training distribution and joins the p-values into one calibrated score.':
    '把每个传感器的平滑误差与其自身的训练分布对照，并把各 p 值合成一个校准的得分。',
  'The score that the engine’s paper defines, with a Gamma law of the training scores for its tail.':
    '引擎论文定义的得分，其尾部用训练得分的 Gamma 分布。',
  // Help of the M2AD forecaster and its head.
  'How far back the forecast looks. Paper: 100.': '预测回看多远。论文：100。',
  'Distance between training windows; every step is scored in any case. Paper: 1.':
    '训练窗口的间距；无论如何每一步都会评分。论文：1。',
  'The published code skips one step between window and target; the paper forecasts the next step.':
    '公开代码在窗口与目标之间跳过一步；论文预测下一步。',
  'Range of each column over the training steps. Paper: 0 to 1; −1 to 1 for its industrial data and its rivals.':
    '每列在训练步上的范围。论文：0 至 1；其工业数据和对照方法为 −1 至 1。',
  'Paper: 3.': '论文：3。',
  'Width of every LSTM layer. Paper: 80.': '每个 LSTM 层的宽度。论文：80。',
  'Between the layers below the top two, so it acts from three layers on. Paper: 0.2.':
    '用于最上两层以下的层之间，因此三层起才起作用。论文：0.2。',
  'At most this many passes over the training windows. Paper: 35.': '对训练窗口最多遍历这么多遍。论文：35。',
  'Windows per update. Paper: 32.': '每次更新的窗口数。论文：32。',
  'Of Adam.': 'Adam 的学习率。',
  'Share of the training windows, the last ones, kept to judge the learning.':
    '留作检验学习效果的训练窗口（末尾部分）的比例。',
  'Stop after this many epochs without a better validation loss; 0 never stops early.':
    '验证损失这么多轮没有改善就停止；0 表示不提前停止。',
  'Put back the weights of the best validation loss; the published code keeps the last ones.':
    '恢复验证损失最佳时的权重；公开代码保留最后的权重。',
  'Point errors are better nearly everywhere; area errors see small deviations that last.':
    '点误差几乎处处更好；面积误差能看到持续的小偏差。',
  'Memory of the moving average over the error. 0 turns it off.': '误差移动平均的记忆长度。0 表示关闭。',
  'Centre of mass c means α = 1/(1 + c); span s means α = 2/(1 + s).':
    '质心 c 表示 α = 1/(1 + c)；跨度 s 表示 α = 2/(1 + s)。',
  'The area covers twice this many steps around each step. Used by area errors only.':
    '面积覆盖每步前后共两倍于此的步数。仅用于面积误差。',
  'Which errors are strange: large ones, or unusually small ones as well.': '哪些误差算异常：大的，或还包括异常小的。',
  'Normal laws that describe the training errors of a sensor.': '描述一个传感器训练误差的正态分布个数。',
  'BIC chooses among 1 to this many.': 'BIC 在 1 至此数之间选择。',
  'Smaller p-values count as this one. −16 is the published code’s; −300 ranks strong events better.':
    '更小的 p 值按此计。−16 为公开代码所用；−300 能更好地区分强事件。',
  'A residual that never moved in training has no distribution. Counting it makes its smallest move a strong event.':
    '训练中从未变动的残差没有分布。若计入，其最小的变动也会成为强事件。',
  'Every system alike: a system of few sensors counts as much as one of many.':
    '各系统相同：传感器少的系统与传感器多的系统同样重要。',
  'As the published code does. It leaks the judged part into its own scale and hides drift: for comparison with published figures only.':
    '如公开代码所为。它把评判部分泄漏到自身的缩放中，并掩盖漂移：仅用于与已发表数值比较。',
  // Help of the generator.
  'LSTM next to the signal in the encoder, next to the latent numbers in the decoders. Paper: 32.':
    '编码器中靠近信号、解码器中靠近潜变量的 LSTM。论文：32。',
  'The second LSTM of encoder and decoders. Paper: 64.': '编码器和解码器的第二个 LSTM。论文：64。',
  'Numbers that describe a normal window. Paper: 16.': '描述一个正常窗口的数。论文：16。',
  'Where the decoder is told which steps are anomalous. The paper compares both; the last layer disturbs the normal signal less.':
    '在何处告知解码器哪些步异常。论文比较了两者；最后一层对正常信号干扰较小。',
  'A decoder that reads forward only cannot know at the onset of an anomaly how long it will last.':
    '只向前读的解码器在异常开始时无法知道它将持续多久。',
  'First normal windows, then anomalies with the encoder frozen. Off: a conditional VAE on the anomalous windows alone (ablation).':
    '先学正常窗口，再冻结编码器学异常。关闭：仅在异常窗口上训练条件 VAE（消融）。',
  'The anomalous decoder begins with the weights of the normal one, as far as they fit.':
    '异常解码器从正常解码器的权重开始（在能对应的范围内）。',
  'How positions and lengths of anomalies are drawn.': '如何抽取异常的位置和长度。',
  'Hidden steps hold 0, which should be a middling value. The paper’s sines need no scaling.':
    '被遮盖的步取 0，它应是居中的值。论文的正弦数据无需缩放。',
  'Passes over the normal windows.': '对正常窗口的遍历次数。',
  'Passes over the anomalous windows.': '对异常窗口的遍历次数。',
  'Few windows make few updates an epoch: epochs, and patience with them, are stretched until so many are made. 0: as the epochs say.':
    '窗口少则每轮更新少：轮数及耐心会相应延长，直到完成这么多次更新。0：按轮数。',
  'The same for the anomalous windows.': '对异常窗口同样如此。',
  'Step 1 begins with the first tenth of each window and takes in ever more of it. Long windows give recurrent networks no hold at first: they stay at the mean. 0: whole windows from the start.':
    '第 1 步从每个窗口的前十分之一开始，逐渐纳入更多。长窗口起初使循环网络无从把握而停在均值。0：一开始就用整个窗口。',
  'Gates start so that units keep what they read for 1 up to as many steps as a window has (Tallec & Ollivier 2018).':
    '门的初值使各单元对所读内容的保持时间从 1 步到整个窗口不等（Tallec & Ollivier 2018）。',
  'Windows per update.': '每次更新的窗口数。',
  'Step size of Adam. Paper: 0.001.': 'Adam 的步长。论文：0.001。',
  'The rate falls in a straight line to this share of it by the end of each step; 1 keeps it.':
    '学习率在每一步结束前线性降到此比例；1 表示不变。',
  'Longer gradients are shortened to this norm, all weights together; 0 leaves them.':
    '过长的梯度（所有权重合计）缩短到此范数；0 表示不处理。',
  'Windows, drawn at random, on which early stopping is judged.': '随机抽取、用于判断提前停止的窗口。',
  'Epochs without a better validation loss before a step ends; 0 never stops early.':
    '验证损失这么多轮没有改善，该步就结束；0 表示不提前停止。',
  'The divergence from the prior counts fully only after so many epochs; 0 counts it from the start.':
    '与先验的散度在这么多轮之后才完全计入；0 表示从一开始就计入。',
  'Where the latent numbers of a new window come from: what the encoder says of a normal training window, or N(0, 1).':
    '新窗口的潜变量来自何处：编码器对某个正常训练窗口的输出，或 N(0, 1)。',
  'The decoder gives means, and the mean of spikes up and down is no spike. Adds noise as large as what it left unexplained in training: one number for each labelled run, one for each step.':
    '解码器给出均值，而向上与向下尖峰的均值不是尖峰。加入与训练中未解释部分同样大小的噪声：每个标注段一个数，每步一个数。',
  // Notes of the estimate.
  'Learns in one go, without epochs; the time is that of learning alone.': '一次学成，没有轮次；时间仅指学习本身。',
  'Training alone; it may stop earlier when the validation loss no longer falls.':
    '仅计训练；验证损失不再下降时可能提前停止。',
  // Baselines.
  'A uniform random number for each step. Any metric that it does well in proves nothing.':
    '每步一个均匀随机数。它表现好的指标说明不了什么。',
  'How high the sensors stand in their training range; mean over sensors. No model at all.':
    '传感器在其训练范围中的高低；对传感器取均值。完全没有模型。',
  'How many training deviations each sensor is from its training mean; mean of squares over sensors.':
    '每个传感器离其训练均值多少个标准差；对传感器取平方的均值。',
  'The jump of each sensor from one step to the next, scaled by its training range; mean over sensors.':
    '每个传感器相邻步的跳变，按其训练范围缩放；对传感器取均值。',
  'How many deviations each sensor is from the mean of the 200 steps before; mean of squares over sensors.':
    '每个传感器离其前 200 步均值多少个标准差；对传感器取平方的均值。',
  'Squared error left after the principal components of training (90 % of the variance) are taken away.':
    '去除训练的主成分（方差的 90 %）后剩余的平方误差。',
  'Squared error left after the principal components of short training windows are taken away; 20 steps, fewer where sensors are many.':
    '去除短训练窗口的主成分后剩余的平方误差；20 步，传感器多时更少。',
  'Distance of each 20-step window to the nearest of 20 clusters of training windows, averaged over the windows that cover a step.':
    '每个 20 步窗口到训练窗口 20 个聚类中最近者的距离，对覆盖一步的窗口取均值。',
  'Distance of each step, all sensors together, to the 5th nearest of at most 2000 training steps.':
    '每一步（所有传感器合在一起）到至多 2000 个训练步中第 5 近者的距离。',
  'Distance of each 20-step window of a sensor, its level and size taken away, to the most similar one of training; mean over sensors and over the windows that cover a step.':
    '一个传感器的每个 20 步窗口（去除水平和幅度）到训练中最相似者的距离；对传感器和覆盖一步的窗口取均值。',
  'How early random splits cut a step off, over 100 trees of 256 training steps each.':
    '随机切分多早把一步隔离出来，共 100 棵树，每棵 256 个训练步。',
  // Strategies of asking.
  'The strangest windows and random ones from each bin of scores, none twice: the paper’s choice.':
    '最异常的窗口，加上每个得分区间的随机窗口，不重复：论文的选择。',
  'The windows with the highest scores: real anomalies, and noise that looks like one.':
    '得分最高的窗口：真正的异常，以及看似异常的噪声。',
  'The same number of random windows from each bin of scores, so that quiet anomalies are found too.':
    '每个得分区间随机取同样多的窗口，使不显眼的异常也能被发现。',
  'The windows whose score is nearest to the threshold: where one answer decides most.':
    '得分最靠近阈值的窗口：在那里一个回答最有用。',
  'Each window as unlike all asked before as can be, by the sensors that carry its error.':
    '按承载误差的传感器，每个窗口都尽可能与已问的不同。',
  'Any window, all equally likely: what every other strategy must beat.': '任意窗口，机会均等：其他策略都须胜过它。',
  // Example data.
  'A drinking-water station: a well pump fills a tank, a booster pump supplies the town. Ten summer weeks at five minutes; fourteen faults in the last four weeks, nearly all inside the normal range of every sensor.':
    '一座饮用水泵站：井泵向水池注水，增压泵为城镇供水。夏季十周，每五分钟一次；最后四周有十四处故障，几乎都在各传感器的正常范围之内。',
  'One server as its monitoring agent sees it: 38 sensors that follow the traffic and a few nightly jobs. Two weeks at one minute; fourteen incidents in the last six days.':
    '监控程序所见的一台服务器：38 个传感器随流量和若干夜间任务变化。两周，每分钟一次；最后六天有十四起事件。',
  'The simulated data of the C-GATS paper: 1600 windows of 240 steps end to end, each one sine of random frequency and phase; half of them hold a spike of 1 to 10 steps, in training too.':
    'C-GATS 论文的模拟数据：1600 个 240 步的窗口首尾相接，每个是频率和相位随机的正弦；其中一半含 1 至 10 步的尖峰，训练部分也有。',
  'A grinding mill over three and a half weeks at five minutes. In the third week a bearing is replaced and runs warmer for good: the machine changed. Two faults come before and two after: something broke.':
    '一台磨机，三周半，每五分钟一次。第三周更换了轴承，此后一直偏热：机器改变了。此前有两处故障，此后也有两处：发生了故障。',
};
